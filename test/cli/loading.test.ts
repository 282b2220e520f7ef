import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const src = new URL('../../src/', import.meta.url)

/** The modules that a file loads at once: its static imports and theirs, types excluded. */
function loadedBy(path: string): readonly string[] {
  const loaded = new Set<string>()
  const visit = (url: URL) => {
    const text = readFileSync(url, 'utf8')
    for (const [, names = '', name = ''] of text.matchAll(/^(?:import|export)\b([^'=]*?) from '([^']+)'/gm)) {
      if (/^\s*type\b/.test(names)) continue
      const found = name.startsWith('.') ? new URL(name, url).href.slice(src.href.length) : name
      if (loaded.has(found)) continue
      loaded.add(found)
      if (name.startsWith('.')) visit(new URL(name, url))
    }
  }
  visit(new URL(path, src))
  return [...loaded]
}

const outsideCli = (path: string) =>
  loadedBy(path).filter((name) => !name.startsWith('cli/') && !name.startsWith('node:'))

test('the program loads no part of the gateway before a command runs', () => {
  expect(outsideCli('main.ts').sort()).toEqual([
    'commander',
    'domain/permissions.ts',
    'domain/provider-key.ts',
    'domain/statuses.ts',
  ])
})

test.each(['cli/link.ts', 'cli/connections.ts'])(
  '%s loads neither providers nor server nor database',
  (path) => {
    const folders = outsideCli(path).map((name) => name.split('/')[0])
    for (const folder of ['providers', 'server', 'graphql', 'undici', 'kysely', 'pg', 'graphql-yoga'])
      expect(folders).not.toContain(folder)
  },
)

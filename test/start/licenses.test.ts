import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from './process.ts'

vi.setConfig({ testTimeout: 180_000 })

test('the build contains the licences of the packages in it, and of no others', () => {
  const folder = join(temporaryFolder(), 'dist')
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { status } = spawnSync(process.execPath, ['src/build.js', folder], { cwd: root })
  expect(status).toBe(0)
  const sections = readFileSync(join(folder, 'THIRD_PARTY_LICENSES.txt'), 'utf8').split(/\n-{80}\n/)
  const sectionOf = (name: string) => sections.find((text) => text.trimStart().startsWith(`${name} `)) ?? ''
  for (const name of ['graphql-yoga', 'pg', 'zod']) {
    expect(sectionOf(name)).toMatch(/^\s*[\w-]+ \d+\.\d+\.\d+\nLicence: MIT\n/)
    expect(sectionOf(name)).toContain('Permission is hereby granted')
  }
  // It contains no text of its licence.
  expect(sectionOf('@whatwg-node/fetch')).toMatch(/\nAuthor: .+\nSource: .+/)
  expect(sectionOf('vitest')).toBe('')
})

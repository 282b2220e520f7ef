import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'

/**
 * Words that have a technical term in their place ("delivery" for news, "resolve" for door, "caller" for somebody).
 * Names are searched too: `tellNews` contains "news".
 */
const banned = ['nobody', 'somebody', 'whoever', 'told', 'asked', 'door', 'doors', 'news', 'lives']

const root = new URL('../', import.meta.url)
const textFile = /\.(ts|graphql|json|md|css|html|js)$/
const filesBelow = (path: string): string[] =>
  statSync(new URL(path, root)).isDirectory()
    ? readdirSync(new URL(path, root), { recursive: true, encoding: 'utf8' })
        .filter((file) => textFile.test(file))
        .map((file) => `${path}/${file}`)
    : [path]

/** `openDoor_now` → `open Door now`: the words of a camelCase or snake_case name. */
const splitNames = (text: string) => text.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
const bannedWord = new RegExp(`\\b(${banned.join('|')})\\b`, 'i')

/** Names that are not ours: columns of released migrations, names of products. */
const keepsNames = (name: string) => /^src\/(store\/migrations|sandbox\/data)\//.test(name)

const findBanned = (name: string, text: string) =>
  text.split('\n').flatMap((line, index) => {
    const word = bannedWord.exec(keepsNames(name) ? line : splitNames(line))?.[0]
    return word ? [`${name}:${index + 1}: ${word}`] : []
  })

test('src, schema and README use the terms of the field', () => {
  const found = ['src', 'schema', 'README.md']
    .flatMap(filesBelow)
    .flatMap((file) => [
      ...findBanned(file, file.replaceAll(/[./-]/g, ' ')),
      ...findBanned(file, readFileSync(new URL(file, root), 'utf8')),
    ])
  expect(found).toEqual([])
})

test('the search finds a banned word in text and inside a name', () => {
  expect(findBanned('a.ts', 'const one = 1\n// Nobody asks.')).toEqual(['a.ts:2: Nobody'])
  expect(findBanned('a.ts', 'openDoor()')).toEqual(['a.ts:1: Door'])
  expect(findBanned('a.ts', 'const news_sealed = 1')).toEqual(['a.ts:1: news'])
  expect(findBanned('a.ts', 'newsletter, indoors, untold')).toEqual([])
})

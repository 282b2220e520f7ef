import { describe, expect, test } from 'vitest'
import type { Names } from '../../../src/server/pages/names.ts'
import {
  directionOf,
  languageOf,
  languages,
  preferredLanguage,
  textsOf,
} from '../../../src/server/pages/texts/languages.ts'

const names: Names = { application: 'Acme', endUser: 'Ada', connector: 'HubSpot', provider: 'Census' }
const unnamed: Names = { ...names, application: null, endUser: null }

type Entry = readonly [key: string, text: unknown]

/** All texts below an object of texts, with their paths as keys. */
function entriesOf(value: unknown, path = ''): readonly Entry[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, inner]) =>
    entriesOf(inner, path === '' ? key : `${path}.${key}`),
  )
}

const render = (text: unknown, given: Names): string =>
  typeof text === 'function' ? String(text(given)) : String(text)
const rendered = (language: (typeof languages)[number], given = names) =>
  Object.fromEntries(entriesOf(textsOf(language)).map(([key, text]) => [key, render(text, given)]))
const namesIn = (text: string) => Object.values(names).filter((name) => name !== null && text.includes(name))
const english = rendered('en')

/** Texts that are the same word in the other language. */
const sameAsEnglish: readonly string[] = []

describe.each(languages)('the texts in %s', (language) => {
  const texts = rendered(language)

  test('have the keys of the English ones', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english))
  })

  test('have a text for each key, which contains the same names', () => {
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), key).toBe(text)
      expect(text, key).toMatch(/\p{L}{2}/u)
      expect({ key, names: namesIn(text) }).toEqual({ key, names: namesIn(english[key] ?? '') })
    }
  })

  test('have other words in place of names that are not known', () => {
    for (const [key, text] of Object.entries(rendered(language, unnamed)))
      expect(text, key).not.toMatch(/null|undefined|Acme|Ada|\s\s|\s\.|^\s/)
  })

  if (language !== 'en')
    test('are translated', () => {
      const same = Object.keys(texts).filter((key) => texts[key] === english[key])
      expect(same.filter((key) => !sameAsEnglish.includes(`${language}.${key}`))).toEqual([])
    })
})

describe('the language of a page', () => {
  test('is sought in the first 20 entries and 500 characters of the header', () => {
    const entries = (count: number) => Array(count).fill('xx').join(',')
    expect(preferredLanguage(`${entries(19)},de`)).toBe('de')
    expect(preferredLanguage(`${entries(20)},de`)).toBe('en')
    expect(preferredLanguage(`${'x'.repeat(490)},de`)).toBe('de')
    expect(preferredLanguage(`${'x'.repeat(500)},de`)).toBe('en')
  })

  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT', 'de'],
    ['PT-br', 'pt'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en;q=0.5, fr;q=0.7, ja;q=0.6', 'fr'],
    ['es, fr', 'es'],
    ['zh-CN, ja;q=0.4', 'ja'],
    ['zh-CN, *;q=0.4, ja;q=0.3', 'en'],
    ['de;q=0, fr;q=0.1', 'fr'],
    ['de;q=0', 'en'],
    ['de;q=abc, es;q=0.1', 'es'],
    ['de;q=1.000;x=1', 'de'],
    [';;;,,,q=1', 'en'],
    ['deutsch', 'en'],
    ['__proto__, constructor', 'en'],
  ])('for the header %j is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language)
  })

  test('of a tag is its primary language, if there are texts', () => {
    expect(['de', 'de-CH-1996', 'pt-PT', 'JA'].map(languageOf)).toEqual(['de', 'de', 'pt', 'ja'])
    expect(['zh', 'den', '', 'x-de'].map(languageOf)).toEqual([null, null, null, null])
  })

  test('has a direction', () => {
    expect(['en', 'ja', 'ar', 'he'].map(directionOf)).toEqual(['ltr', 'ltr', 'rtl', 'rtl'])
  })
})

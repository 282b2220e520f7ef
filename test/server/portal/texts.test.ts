import { describe, expect, test } from 'vitest'
import { languages } from '../../../src/server/pages/texts/languages.ts'
import { portalTextsOf } from '../../../src/server/portal/texts/languages.ts'

/** All texts below an object of texts, with their paths as keys. */
function entriesOf(value: unknown, path = ''): readonly (readonly [key: string, text: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, inner]) => entriesOf(inner, `${path}.${key}`))
}

/** Every function takes words or the names of the application, the latter last. */
function rendered(language: (typeof languages)[number], application: string | null = 'Acme') {
  const render = (text: unknown) => {
    if (typeof text !== 'function') return String(text)
    const words = ['HubSpot', 'Census'].slice(0, Math.max(0, text.length - 1))
    const source = String(text)
    const names = { application }
    const takesNames = /names|\{ application \}/.test(source.split('=>')[0] ?? '')
    return String(text(...words, takesNames ? names : text.length === words.length + 1 ? 'HubSpot' : names))
  }
  return Object.fromEntries(entriesOf(portalTextsOf(language)).map(([key, text]) => [key, render(text)]))
}

const english = rendered('en')
const namesIn = (text: string) => ['Acme', 'HubSpot', 'Census'].filter((name) => text.includes(name))

describe.each(languages)('the texts of the portal in %s', (language) => {
  const texts = rendered(language)

  test('have the keys of the English ones, and a text for each that contains the same names', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english))
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), key).toBe(text)
      expect({ key, names: namesIn(text) }).toEqual({ key, names: namesIn(english[key] ?? '') })
    }
  })

  test('have other words in place of an application without a name', () => {
    for (const [key, text] of Object.entries(rendered(language, null)))
      expect(text, key).not.toMatch(/null|undefined|Acme|\s\s|\s\.|^\s|object/)
  })

  if (language !== 'en')
    test('are translated', () => {
      const same = Object.keys(texts).filter((key) => texts[key] === english[key])
      expect(same.filter((key) => !['.nav.label', '.connections.nameOf'].includes(key))).toEqual([])
    })
})

import { de } from './de.ts'
import { en, type Texts } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'

const textsByLanguage = { en, de, es, fr, pt, ja } as const satisfies Readonly<Record<string, Texts>>

/** A language of the pages for end users, as a BCP 47 tag. */
export type Language = keyof typeof textsByLanguage

export const languages = Object.keys(textsByLanguage) as readonly Language[]

export const textsOf = (language: Language): Texts => textsByLanguage[language]

/** Languages that are written from right to left. */
const rightToLeft = /^(ar|dv|fa|he|ks|ku|ps|sd|ug|ur|yi)$/

export const directionOf = (language: string): 'ltr' | 'rtl' => (rightToLeft.test(language) ? 'rtl' : 'ltr')

/** The language of a tag: "de" for "de-AT"; `null`: the pages do not have it. */
export function languageOf(tag: string): Language | null {
  const [primary = ''] = tag.toLowerCase().split('-')
  return languages.find((language) => language === primary) ?? null
}

/** Longer headers cost time that one request is not worth. */
const maxHeaderLength = 500
const maxRanges = 20

/** The first language that the pages have, in the order of an `Accept-Language` header; English if there is none. */
export function preferredLanguage(header: string | undefined): Language {
  const entries = (header ?? '').slice(0, maxHeaderLength).split(',', maxRanges)
  const ranges = entries.flatMap((entry) => {
    const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim())
    const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2) ?? '1'
    const weight = /^[01](\.\d{0,3})?$/.test(quality) ? Number(quality) : 0
    const language = tag === '*' ? 'en' : languageOf(tag)
    return language === null || weight === 0 ? [] : [{ language, weight }]
  })
  // The sort is stable: of equal weights the first one.
  return ranges.sort((a, b) => b.weight - a.weight)[0]?.language ?? 'en'
}

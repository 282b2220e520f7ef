import { cleanText, decodeEscapes } from './decode-text.ts'

/** So many characters of a secret in a row count as a part of it; a shorter secret is found as a whole. */
const partLength = 6
/** A shorter secret occurs in any text by chance: it is found as a whole word only. */
const minLength = 4

export interface SecretFinder {
  /** Replaces the secrets in a text, and all parts of at least 6 characters, with `mark`. */
  replace(text: string, mark: string): string
  /** Whether a text contains a secret or a part of one. */
  isIn(text: string): boolean
}

/**
 * Finds secrets in any case, also if they are split by white space or separators, or encoded in hexadecimal, base64 or
 * quoted-printable. Finds no part of fewer than 6 characters, such as "ending in 5b4a".
 */
export function createSecretFinder(secrets: readonly string[]): SecretFinder {
  const forms = [...new Set(secrets.flatMap((secret) => decodeEscapes(secret)))]
  const parts = new Set(forms.flatMap((form) => [...partsOf(form), ...encodedParts(form)]))
  const lengths = [...new Set([...parts].map(({ length }) => length))]
  const words = wordPattern(forms.filter((form) => partsOf(form).length === 0))

  /** Calls `found` with the range of each part, as the indexes of its first character and after its last. */
  function search(text: string, found: (from: number, to: number) => void): void {
    if (parts.size === 0) return
    for (const { characters, from, to } of readings(text))
      for (const length of lengths)
        for (let start = 0; start + length <= characters.length; start++)
          if (parts.has(characters.slice(start, start + length)))
            found(from[start] ?? 0, to[start + length - 1] ?? text.length)
  }

  return {
    replace(text, mark) {
      const removed = new Uint8Array(text.length)
      search(text, (from, to) => removed.fill(1, from, to))
      const rest = Array.from({ length: text.length }, (_, index) => (removed[index] ? mark : text[index]))
      return rest.join('').replace(words, mark)
    },
    isIn(text) {
      let isFound = text.search(words) >= 0
      search(text, () => {
        isFound = true
      })
      return isFound
    },
  }
}

/** What is left of a text without separators, in lower case, with the position of each character in the text. */
interface Reading {
  readonly characters: string
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** Characters at which a text may be split or joined. */
const separator = /[\s\-_.:,;|/\\'"`()[\]{}<>+=*~…•·]/u
const notAlphanumeric = /[^\p{L}\p{N}]/u
const character = /[\s\S]/gu
/** "=" is a plain character in most texts. */
const quotedPrintable = /(?:=[\dA-F]{2})+|[\s\S]/gu

const readings = (text: string): readonly Reading[] =>
  [character, quotedPrintable].flatMap((token) =>
    [separator, notAlphanumeric].map((omitted) => read(text, token, omitted)),
  )

function read(text: string, token: RegExp, omitted: RegExp): Reading {
  const reading = { characters: '', from: [] as number[], to: [] as number[] }
  for (const { 0: source, index } of text.matchAll(token)) {
    const decoded =
      source.length > 2 ? Buffer.from(source.replaceAll('=', ''), 'hex').toString('utf8') : source
    for (const one of decoded) {
      if (omitted.test(one)) continue
      const folded = one.toUpperCase().toLowerCase() // "ß" becomes "ss", as in upper case
      reading.characters += folded
      for (let unit = 0; unit < folded.length; unit++) {
        reading.from.push(index)
        reading.to.push(index + source.length)
      }
    }
  }
  return reading
}

const partsOf = (form: string): readonly string[] =>
  [separator, notAlphanumeric].flatMap((omitted) => split(read(form, character, omitted).characters))

function split(characters: string): readonly string[] {
  if (characters.length < minLength) return []
  const count = Math.max(characters.length - partLength + 1, 1)
  return Array.from({ length: count }, (_, start) => characters.slice(start, start + partLength))
}

/** Encodings of a longer secret would need too much memory. */
const maxEncodedLength = 10_000

/** The parts of a secret as hexadecimal and decimal bytes, in base64, and in UTF-8 read as Latin-1. */
function encodedParts(form: string): readonly string[] {
  const bytes = Buffer.from(form)
  if (form.length < minLength || form.length > maxEncodedLength) return []
  // In a longer text, a secret begins at any of three alignments; its first and last character depend on the context.
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64url')
    return encoded.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3))
  })
  return [bytes.toString('hex'), [...bytes].join(''), cleanText(bytes.toString('latin1')), ...base64]
    .filter(({ length }) => length >= partLength)
    .flatMap(partsOf)
}

/** A longer text without letters is no secret. */
const maxWordLength = 100

function wordPattern(words: readonly string[]): RegExp {
  const sources = words
    .filter(({ length }) => length > 0 && length <= maxWordLength)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  const anyWord = sources.length === 0 ? '(?!)' : `(?:${sources.join('|')})`
  return new RegExp(`(?<![\\p{L}\\p{N}])${anyWord}(?![\\p{L}\\p{N}])`, 'giu')
}

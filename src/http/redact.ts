import { parseUrl } from '../domain/parse-url.ts'
import { decodeEscapes, decodings } from './decode-text.ts'

const replacement = '[redacted]'
/** Stands for a removed part while others are searched: the object replacement character. */
const mark = '\uFFFC'

/** A shorter secret occurs in any text by chance: it is matched as a whole word only. */
const minPartLength = 4

/**
 * Removes from a text the secrets, whatever their case and whether plain, escaped, URL-encoded, hexadecimal, in base64
 * or shortened, and everything that looks like a token, a key or a URL with one. Returns the decoded rest on one line.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const needles = [...new Set(secrets.flatMap((secret) => decodeEscapes(secret)))]
    .filter((needle) => needle !== '')
    .sort((a, b) => b.length - a.length)
  const remove = (step: string) => removeNeedles(step, needles)
  const isSecret = createSearch(needles)
  return (decodeEscapes(text, remove).at(-1) ?? '')
    .replace(urlPattern, redactUrl)
    .replace(namedSecret, `$1${mark}`)
    .replace(knownPrefix, mark)
    .replace(chunkPattern, (chunk) =>
      isShortened.test(chunk) || looksLikeToken(chunk) || isSecret(chunk) ? mark : chunk,
    )
    .replaceAll(new RegExp(`${mark}+`, 'g'), replacement)
}

function removeNeedles(text: string, needles: readonly string[]): string {
  const lower = text.toLowerCase()
  return needles
    .filter((needle) => lower.includes(needle.toLowerCase().split(' ')[0] ?? ''))
    .filter(({ length }) => length <= text.length) // the pattern of a longer one might be too large to compile
    .reduce((rest, needle) => rest.replace(toPattern(needle), mark), text)
}

/** A secret in any case; its white space may be encoded as "+". */
function toPattern(needle: string): RegExp {
  const source = needle.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '[ +]+')
  const isShort = needle.length < minPartLength
  return new RegExp(isShort ? `(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])` : source, 'giu')
}

/** Whether a chunk of text encodes a secret or is a part of one. A part without digits may be any word. */
function createSearch(needles: readonly string[]): (chunk: string) => boolean {
  const all = needles.filter(({ length }) => length >= minPartLength).map((needle) => needle.toLowerCase())
  const encodes = (chunk: string) =>
    decodings(chunk).some((decoded) => all.some((needle) => decoded.includes(needle)))
  const isPart = (chunk: string) =>
    chunk.length >= 6 && /\d/.test(chunk) && all.some((needle) => needle.includes(chunk.toLowerCase()))
  return (chunk) => all.length > 0 && (isPart(chunk) || encodes(chunk))
}

const urlPattern = /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>\uFFFC]+/gi

/** Keeps only the origin of a URL with user name, query or fragment, which may contain a token. */
function redactUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null) return mark
  const isPlain = `${url.username}${url.password}${url.search}${url.hash}` === ''
  return isPlain ? text : `${url.protocol}//${url.host}/${mark}`
}

/** The value in `apiKey=…` and `"apiKey": "…"`, and in `apiKey: …` unless it is a word. */
const namedSecret =
  /((?:pass(?:word|phrase|wd)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|signature)["']?(?:\s*=\s*["']?|\s*:\s*["']|\s*:\s*(?=\S*[\d@#$%^&*!])))[^\s"',;}\uFFFC]+/gi

/** Prefixes with which issuers mark their keys and tokens. */
const knownPrefix =
  /\b(?:[spr]k|ctok|gh[oprsu]|github_pat|glpat|xox[a-z]|secret-token|ya29|whsec|shpat)[-_.:][^\s"',;\uFFFC]{6,}|\b(?:AKIA|ASIA|AIza|eyJ)[\w.-]{8,}/g

const chunkPattern = /[^\s"'`,;:(){}[\]<>|\uFFFC]+/g

/** A value that the provider has shortened itself. */
const isShortened = /[^.*•…](?:…|\.{3}|\*{2}|•)|(?:\*{2}|•)[^.*•…]/

/** Whether a chunk without white space looks random: names of fields and services have few digits and long words. */
function looksLikeToken(chunk: string): boolean {
  const digits = chunk.match(/\d/g)?.length ?? 0
  const letters = chunk.match(/\p{L}/gu)?.length ?? 0
  if (digits >= 6 && letters >= 4) return true
  return chunk.split(/[^A-Za-z\d]+/).some((piece) => {
    const isMixed = /\d/.test(piece) && /[A-Za-z]/.test(piece)
    const caseChanges = piece.match(/[a-z][A-Z]/g)?.length ?? 0
    return (
      (piece.length >= 10 && isMixed) ||
      (piece.length >= 12 && caseChanges * 5 >= piece.length) ||
      /\d{9}|[A-Za-z]{32}/.test(piece)
    )
  })
}

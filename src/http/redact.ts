import { parseUrl } from '../domain/parse-url.ts'
import { decodeEscapes, decodings } from './decode-text.ts'
import { createSecretFinder } from './find-secrets.ts'

const replacement = '[redacted]'
/** Stands for a removed part while others are searched: the object replacement character. */
const mark = '\uFFFC'

/**
 * Removes from a text the secrets and all parts of at least 6 characters, in any case and common encoding, and everything
 * that looks like a token, a key or a URL with one. Returns the decoded rest on one line; `null`: little else is left.
 */
export function redact(text: string, secrets: readonly string[]): string | null {
  const finder = createSecretFinder(secrets)
  const encodesSecret = (chunk: string) => secrets.length > 0 && decodings(chunk).some(finder.isIn)
  // The finder knows the secrets decoded as well.
  const decoded = decodeEscapes(text).at(-1) ?? ''
  const rest = finder
    .replace(decoded, mark)
    .replace(wordWithMark, mark)
    .replace(urlPattern, redactUrl)
    .replace(namedSecret, `$1${mark}`)
    .replace(knownPrefix, mark)
    .replace(chunkPattern, (chunk) =>
      isShortened.test(chunk) || looksLikeToken(chunk) || encodesSecret(chunk) ? mark : chunk,
    )
    .replace(marks, mark)
  const removed = rest.match(/\uFFFC/g)?.length ?? 0
  const words = rest.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
  return words === 0 || words < removed ? null : rest.replaceAll(mark, replacement)
}

/** Text of a provider for people, for a message or a field: redacted and at most `maxLength` long. */
export function redactProse(text: string, secrets: readonly string[], maxLength = 500): string | null {
  // Cut at white space: of a secret that is cut, too little might be left to recognize.
  const start = text.length > maxProseLength ? text.slice(0, maxProseLength).replace(/\S*$/, '') : text
  return redact(start, secrets)?.slice(0, maxLength).toWellFormed() || null
}

/** What follows in a longer text is no reason, but a page or a dump. */
const maxProseLength = 4_000

/** Whether a text contains one of the secrets, or a part of at least 6 characters, in any case and common encoding. */
export function containsSecret(text: string, secrets: readonly string[]): boolean {
  const { isIn } = createSecretFinder(secrets)
  return [...decodeEscapes(text), ...decodings(text)].some(isIn)
}

/** An identifier of the provider, such as an error code; `undefined` for any other value, which may repeat a secret. */
export function plainCode(value: unknown, secrets: readonly string[]): string | undefined {
  return isCode(value) && redact(value, secrets) === value ? value : undefined
}

/** As `plainCode`, for identifiers that are random themselves. */
export function plainId(value: unknown, secrets: readonly string[]): string | undefined {
  const isKept = isCode(value) && value.search(knownPrefix) < 0 && !containsSecret(value, secrets)
  return isKept ? value : undefined
}

const isCode = (value: unknown): value is string => typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value)

/** The rest of a word of which a part was removed. */
const wordWithMark = /[^\s"'`,;:(){}[\]<>|=&?/.\\\uFFFC]*\uFFFC[^\s"'`,;:(){}[\]<>|=&?/.\\]*/g

/** Removed parts with nothing but separators between them. */
const marks = /\uFFFC(?:[^\p{L}\p{N}()[\]{}]*\uFFFC)+/gu

const urlPattern = /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>\uFFFC]+/gi

/** Keeps only the origin of a URL with user name, query or fragment, which may contain a token. */
function redactUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null) return mark
  const isPlain = `${url.username}${url.password}${url.search}${url.hash}` === ''
  return isPlain ? text : `${url.protocol}//${url.host}/${mark}`
}

const secretName =
  '(?:pass(?:word|phrase|wd)|pwd|secret|token|(?:api|access|private)[ _-]?key|credentials?|signature|cookie|authorization)'
/** What a message may say about a secret in place of its value. */
const stateWord =
  '(?:invalid|expired|missing|required|incorrect|wrong|unknown|revoked|denied|empty|not|is|was|has|must|may|can|cannot|too|no|none|null)'
/** The value in `apiKey=…`, `"apiKey": "…"`, `apiKey: …`, `password '…'` and `Bearer …`. */
const namedSecret = new RegExp(
  `(${secretName}["']?(?:\\s*=\\s*["']?|\\s*:\\s*["']?(?!${stateWord}\\b)|\\s+["'])(?:(?:bearer|basic)\\s+)?` +
    `|\\bbearer\\s+(?=\\S*[\\d._=-]))[^\\s"',;}\uFFFC]+`,
  'gi',
)

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

import { redact } from './redact.ts'

const maxLength = 500
/** A longer text is no reason, but a page or a dump. */
const maxTextLength = 4_000
const maxDepth = 6
const maxTexts = 10

/**
 * The message of an error body with the paths of the fields that it is about, without the secrets and without anything
 * that looks like one; `undefined`: it has none. At most 500 characters on one line.
 */
export function providerMessage(body: unknown, secrets: readonly string[]): string | undefined {
  const text = errorText(body)
  return text === '' || text.length > maxTextLength
    ? undefined
    : redact(text, secrets).slice(0, maxLength).toWellFormed() || undefined
}

/** The texts of an error body with their field paths, not redacted: must not appear in a message or a log. */
export function errorText(body: unknown): string {
  return [...new Set(textsIn(body, maxDepth))].slice(0, maxTexts).join('; ')
}

// Seen or documented: Fivetran `message`, Census `message`, Pipedream `error`, `error_description`, `details`, xpander
// `detail` (a text, an object, or a list with `msg` and `loc`) and `error`. Other fields may repeat the input.
const textFields = ['message', 'msg', 'error', 'error_description', 'detail', 'details', 'errors', 'reason']
const pathFields = ['loc', 'path', 'field']

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()]
  if (depth === 0 || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, depth - 1))
  const fields = new Map<string, unknown>(Object.entries(value))
  const texts = textFields.flatMap((name) => textsIn(fields.get(name), depth - 1))
  const path = pathFields.map((name) => pathText(fields.get(name))).find((one) => one !== '') ?? ''
  return path === '' ? texts : texts.map((text) => `${text} (${path})`)
}

function pathText(value: unknown): string {
  const segments: readonly unknown[] = Array.isArray(value) ? value : [value]
  return segments.filter((one) => typeof one === 'string' || typeof one === 'number').join('.')
}

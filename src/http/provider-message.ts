import { redactProse } from './redact.ts'

const maxDepth = 6
const maxTexts = 10

/**
 * The message of an error body with the paths of the fields that it is about, without the secrets and without anything
 * that looks like one; `undefined`: it has none. At most 500 characters on one line.
 */
export const providerMessage = (body: unknown, secrets: readonly string[]): string | undefined =>
  redactProse(errorText(body), secrets) ?? undefined

/** The texts of an error body with their field paths, not redacted: must not appear in a message or a log. */
export function errorText(body: unknown): string {
  return [...new Set(textsIn(body, maxDepth))].slice(0, maxTexts).join('; ')
}

// Seen or documented: Fivetran `message`, Census `message`, Pipedream `error`, `error_description`, `details` (an
// object), xpander `detail` (a text, an object, or a list with `msg` and `loc`) and `error`. INFERRED: `title` of RFC
// 9457, `data` around the others, and lists of texts by field as many frameworks send them. Other fields may repeat the
// input.
const textFields = [
  'message',
  'msg',
  'title',
  'error',
  'error_description',
  'detail',
  'details',
  'errors',
  'reason',
]
const pathFields = ['loc', 'path', 'field']

function textsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()]
  if (depth === 0 || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, depth - 1))
  const fields = new Map<string, unknown>(Object.entries(value))
  const texts = textFields.flatMap((name) => {
    const field = fields.get(name)
    return [...textsIn(field, depth - 1), ...textsByField(field)]
  })
  const data = fields.get('data')
  const nested = isObject(data) ? textsIn(data, depth - 1) : []
  const path = pathFields.map((name) => pathText(fields.get(name))).find((one) => one !== '') ?? ''
  return [...(path === '' ? texts : texts.map((text) => `${text} (${path})`)), ...nested]
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Texts by the name of the field that they are about: `{ "type": ["is unknown"] }`. */
function textsByField(value: unknown): readonly string[] {
  if (!isObject(value)) return []
  const entries = Object.entries(value)
  const hasText = entries.some(([name, text]) => textFields.includes(name) && typeof text === 'string')
  return entries
    .filter(([name, texts]) => !notAboutField.has(name) && (Array.isArray(texts) || !hasText))
    .flatMap(([name, texts]) =>
      [texts].flat().flatMap((text) => textsIn(text, 0).map((one) => `${one} (${name})`)),
    )
}

const notAboutField: ReadonlySet<string> = new Set([
  ...textFields,
  ...pathFields,
  'input',
  'ctx',
  'value',
  'url',
])

function pathText(value: unknown): string {
  const segments: readonly unknown[] = Array.isArray(value) ? value : [value]
  return segments.filter((one) => typeof one === 'string' || typeof one === 'number').join('.')
}

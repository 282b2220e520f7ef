import type { ConfigSchema, JsonValue } from '../domain/json.ts'

/** One input field. Values that were filled in before are never included. */
export interface ConfigField {
  readonly key: string
  readonly type?: 'string' | 'integer' | 'boolean'
  readonly title?: string | null | undefined
  readonly description?: string | null | undefined
  readonly required?: boolean
  readonly secret?: boolean
  /** A regular expression that a value has to match. */
  readonly pattern?: string | null | undefined
  /** A format of JSON Schema, such as "uri". */
  readonly format?: string | null | undefined
  /** `null`: any value. */
  readonly choices?: readonly JsonValue[] | null
}

/** Builds a JSON Schema. `more`: additional ready-made properties. Returns `null` if there are no properties. */
export function buildConfigSchema(
  fields: readonly ConfigField[],
  more: Readonly<Record<string, JsonValue>> = {},
): ConfigSchema | null {
  const properties = { ...Object.fromEntries(fields.map((field) => [field.key, toProperty(field)])), ...more }
  if (Object.keys(properties).length === 0) return null
  return {
    type: 'object',
    properties,
    required: fields.filter(({ required }) => required).map(({ key }) => key),
  }
}

const toProperty = ({ type = 'string', secret, choices, ...field }: ConfigField): JsonValue => ({
  type,
  ...(field.title ? { title: field.title } : {}),
  ...(field.description ? { description: field.description } : {}),
  ...(field.pattern ? { pattern: field.pattern } : {}),
  ...(field.format ? { format: field.format } : {}),
  ...(secret ? { writeOnly: true } : {}),
  ...(choices?.length ? { enum: choices } : {}),
})

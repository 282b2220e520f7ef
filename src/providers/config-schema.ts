import type { ConfigSchema, JsonValue } from '../domain/json.ts'

/** One input field. Values that were filled in before are never included. */
export interface ConfigField {
  readonly key: string
  readonly type?: 'string' | 'integer' | 'boolean'
  readonly title?: string | null | undefined
  readonly description?: string | null | undefined
  readonly required?: boolean
  readonly secret?: boolean
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

const toProperty = ({ type = 'string', title, description, secret, choices }: ConfigField): JsonValue => ({
  type,
  ...(title ? { title } : {}),
  ...(description ? { description } : {}),
  ...(secret ? { writeOnly: true } : {}),
  ...(choices?.length ? { enum: choices } : {}),
})

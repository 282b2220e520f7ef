import type { ConfigSchema, JsonValue } from '../domain/json.ts'

/** One thing to be told. What was filled in before is never part of it. */
export interface ConfigField {
  readonly key: string
  readonly type?: 'string' | 'integer' | 'boolean'
  readonly title?: string | null | undefined
  readonly description?: string | null | undefined
  readonly required?: boolean
  readonly secret?: boolean
  /** `null`: anything goes. */
  readonly choices?: readonly JsonValue[] | null
}

/** `more`: properties with shapes of their own. `null`: nothing is to be told. */
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

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }

/** JSON Schema of the settings that a connector needs; secrets are `writeOnly`. */
export type ConfigSchema = Readonly<Record<string, JsonValue>>

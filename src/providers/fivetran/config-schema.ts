import { z } from 'zod'
import type { ConfigSchema, JsonValue } from '../../domain/json.ts'
import type { OptionIssue } from '../adapter.ts'
import { namesInConfig, optionsSchema } from './naming-fields.ts'

/** Fields nested deeper accept any value. Real services have three levels. */
const maxDepth = 8
const maxTextLength = 1_000
/** In characters of JSON. A longer description is ignored. */
const maxSchemaLength = 200_000

const optionalText = z.string().nullish().catch(null)

/** Fivetran's description of one field. Invalid parts are ignored. */
const field = z
  .object({
    type: optionalText,
    title: optionalText,
    description: optionalText,
    format: optionalText,
    readonly: z.boolean().nullish().catch(null),
    enum: z
      .array(z.union([z.string().max(maxTextLength), z.number(), z.boolean()]))
      .min(1)
      .nullish()
      .catch(null),
    properties: z.record(z.string(), z.unknown()).nullish().catch(null),
    items: z.unknown(),
  })
  .partial()
  .catch({})
type Field = z.output<typeof field>

type Properties = Readonly<Record<string, JsonValue>>

/**
 * The schema of the `fivetran` options block for a service. `tree`: Fivetran's description of the service's
 * `config`. No field is required: the Connect Card requests omitted fields from the end user.
 */
export function toConfigSchema(service: string, tree: unknown): ConfigSchema | null {
  const namingFields = namesInConfig(service)
  const entries = Object.entries(propertiesOf(field.parse(tree), maxDepth))
  const properties = Object.fromEntries(entries.filter(([name]) => !namingFields.includes(name)))
  const isEmpty = Object.keys(properties).length === 0
  if (isEmpty || JSON.stringify(properties).length > maxSchemaLength) return optionsSchema(service)
  return optionsSchema(service, {
    type: 'object',
    title: 'Config',
    description: 'The end user enters omitted fields in the Connect Card.',
    properties,
  })
}

const propertiesOf = ({ properties }: Field, depth: number): Properties =>
  Object.fromEntries(
    Object.entries(properties ?? {}).flatMap(([name, tree]) => {
      const property = field.parse(tree)
      // Read-only fields cannot be set; PostgreSQL cannot store names with NUL or lone surrogates.
      if (property.readonly || !name.isWellFormed() || name.includes('\u0000')) return []
      return [[name, toProperty(property, depth, name)]]
    }),
  )

const toProperty = (property: Field, depth: number, name = ''): Properties => ({
  ...typeOf(property, depth - 1),
  ...(property.title ? { title: truncate(property.title) } : {}),
  ...(property.description ? { description: truncate(property.description) } : {}),
  ...(isSecret(property, name) ? { writeOnly: true } : {}),
})

/** Returns `{}` (any value) for unknown types: validation must not reject what Fivetran may accept. */
function typeOf({ type, enum: choices, ...property }: Field, depth: number): Properties {
  if (choices && type !== 'array') {
    return {
      ...(choices.every((choice) => typeof choice === 'string') ? { type: 'string' } : {}),
      enum: choices,
    }
  }
  switch (type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { type }
    case 'object':
      return property.properties && depth > 0 ? { type, properties: propertiesOf(property, depth) } : { type }
    case 'array':
      return property.items !== undefined && depth > 0
        ? { type, items: toProperty(field.parse(property.items), depth) }
        : { type }
    default:
      return {}
  }
}

const truncate = (text: string) => text.slice(0, maxTextLength).toWellFormed()

const secretNamePattern =
  /(^|_)(passwords?|pass_?phrase|secrets?|tokens?|pats?|keys?|api_?key|credentials?)(_|$)/i

const isSecret = ({ format, type, enum: choices }: Field, name: string): boolean =>
  format === 'password' ||
  (type !== 'boolean' && !choices && secretNamePattern.test(name) && !/(^|_)public_key/i.test(name))

const optionsWithConfig = z.object({ config: z.record(z.string(), z.unknown()) })
const schemaWithConfig = z.object({
  properties: z.object({ config: z.custom<Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>>() }),
})

/**
 * Validates `config` of an options block against Fivetran's description. Fields without a description are not
 * checked.
 */
export async function validateConfig(
  options: unknown,
  readInputs: () => Promise<ConfigSchema | null>,
): Promise<readonly OptionIssue[]> {
  const { data: block } = optionsWithConfig.safeParse(options)
  if (block === undefined || Object.keys(block.config).length === 0) return []
  const { data: schema } = schemaWithConfig.safeParse(await readInputs())
  if (schema?.properties.config === undefined) return []
  const { error } = z.fromJSONSchema(schema.properties.config).safeParse(block.config)
  return (error?.issues ?? [])
    .filter((issue) => !isAccepted(issue, valueAt(block.config, issue.path)))
    .slice(0, maxIssues)
    .map(({ path, message }) => ({
      path: ['fivetran', 'config', ...path.map(String)],
      message: truncate(message),
    }))
}

/** Without a limit, the response to a long list of invalid entries is a thousand times the size of the request. */
const maxIssues = 100

/** Reads own properties only: the caller has not set inherited ones such as `constructor`. */
const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((inner, key) => (Object.hasOwn(Object(inner), key) ? Object(inner)[key] : undefined), value)

/** Accepts null, which counts as omitted, and numbers and booleans as strings, which Fivetran accepts too. */
function isAccepted(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (value == null) return true
  if (issue.code !== 'invalid_type' || typeof value !== 'string') return false
  if (issue.expected === 'boolean') return /^(true|false)$/i.test(value)
  return /^(int|number)$/.test(issue.expected) && /^-?\d+(\.\d+)?$/.test(value)
}

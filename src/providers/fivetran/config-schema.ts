import { z } from 'zod'
import type { ConfigSchema, JsonValue } from '../../domain/json.ts'
import type { OptionIssue } from '../adapter.ts'
import { namesInConfig, optionsSchema } from './naming-fields.ts'

/** Deeper ones are "anything"; real ones have three levels. */
const levels = 8
const longestText = 1_000
/** A description that is longer is none. */
const longestDescription = 200_000

const text = z.string().nullish().catch(null)

/** One field as Fivetran describes it; what cannot be read of it is left out. */
const field = z
  .object({
    type: text,
    title: text,
    description: text,
    format: text,
    readonly: z.boolean().nullish().catch(null),
    enum: z
      .array(z.union([z.string().max(longestText), z.number(), z.boolean()]))
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
 * What the `fivetran` block may give for a service, from the tree in which Fivetran describes its `config`. Nothing in it is
 * required: what is left out the card asks the end user for.
 */
export function configSchemaOf(service: string, tree: unknown): ConfigSchema | null {
  const names = namesInConfig(service)
  const described = Object.entries(propertiesOf(field.parse(tree), levels))
  const properties = Object.fromEntries(described.filter(([name]) => !names.includes(name)))
  const isEmpty = Object.keys(properties).length === 0
  if (isEmpty || JSON.stringify(properties).length > longestDescription) return optionsSchema(service)
  return optionsSchema(service, {
    type: 'object',
    title: 'Config',
    description: 'What is left out the end user is asked for.',
    properties,
  })
}

const propertiesOf = ({ properties }: Field, level: number): Properties =>
  Object.fromEntries(
    Object.entries(properties ?? {}).flatMap(([name, tree]) => {
      const one = field.parse(tree)
      // They cannot be filled in, or not be stored.
      if (one.readonly || !name.isWellFormed() || name.includes('\u0000')) return []
      return [[name, toProperty(one, level, name)]]
    }),
  )

const toProperty = (one: Field, level: number, name = ''): Properties => ({
  ...shapeOf(one, level - 1),
  ...(one.title ? { title: shortened(one.title) } : {}),
  ...(one.description ? { description: shortened(one.description) } : {}),
  ...(isSecret(one, name) ? { writeOnly: true } : {}),
})

/** An empty shape is "anything": a check must never refuse what Fivetran may take. */
function shapeOf({ type, enum: choices, ...one }: Field, level: number): Properties {
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
      return one.properties && level > 0 ? { type, properties: propertiesOf(one, level) } : { type }
    case 'array':
      return one.items !== undefined && level > 0
        ? { type, items: toProperty(field.parse(one.items), level) }
        : { type }
    default:
      return {}
  }
}

const shortened = (words: string) => words.slice(0, longestText).toWellFormed()

const secretWords = /(^|_)(passwords?|pass_?phrase|secrets?|tokens?|pats?|keys?|api_?key|credentials?)(_|$)/i

const isSecret = ({ format, type, enum: choices }: Field, name: string): boolean =>
  format === 'password' ||
  (type !== 'boolean' && !choices && secretWords.test(name) && !/(^|_)public_key/i.test(name))

const givenConfig = z.object({ config: z.record(z.string(), z.unknown()) })
const describedConfig = z.object({
  properties: z.object({ config: z.custom<Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>>() }),
})

/** What a block's `config` gives in another shape than Fivetran has described; what it has not described passes. */
export async function checkConfig(
  options: unknown,
  readInputs: () => Promise<ConfigSchema | null>,
): Promise<readonly OptionIssue[]> {
  const { data: given } = givenConfig.safeParse(options)
  if (given === undefined || Object.keys(given.config).length === 0) return []
  const { data: described } = describedConfig.safeParse(await readInputs())
  if (described?.properties.config === undefined) return []
  const { error } = z.fromJSONSchema(described.properties.config).safeParse(given.config)
  return (error?.issues ?? [])
    .filter((issue) => !isTaken(issue, valueAt(given.config, issue.path)))
    .slice(0, mostIssues)
    .map(({ path, message }) => ({
      path: ['fivetran', 'config', ...path.map(String)],
      message: shortened(message),
    }))
}

/** A long list of wrong entries would make an answer that is a thousand times the question. */
const mostIssues = 100

/** What every object inherits nobody has given. */
const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((inner, key) => (Object.hasOwn(Object(inner), key) ? Object(inner)[key] : undefined), value)

/** Nothing is as good as left out, and Fivetran takes numbers and truth values as texts too. */
function isTaken(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (value == null) return true
  if (issue.code !== 'invalid_type' || typeof value !== 'string') return false
  if (issue.expected === 'boolean') return /^(true|false)$/i.test(value)
  return /^(int|number)$/.test(issue.expected) && /^-?\d+(\.\d+)?$/.test(value)
}

import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'

/** A JSON Schema of an object, as the `inputSchema` of a tool. */
export interface ObjectSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, object>>
  readonly required: string[]
  /** `false`, unless properties were left out: the API accepts them all the same. */
  readonly additionalProperties?: false
}

/** Of the scalars that are no plain text. */
const scalars: Readonly<Record<string, object>> = {
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  URL: { type: 'string', format: 'uri' },
  JSONObject: { type: 'object' },
}

type Field = GraphQLArgument | GraphQLInputField

/** The JSON Schema of arguments or input fields, with their descriptions, without those named in `omitted` at any depth. */
export function inputSchemaOf(fields: readonly Field[], omitted: ReadonlySet<string>): ObjectSchema {
  const shown = fields.filter(({ name }) => !omitted.has(name))
  return {
    type: 'object',
    properties: Object.fromEntries(
      shown.map(({ name, type, description }) => [name, { description, ...schemaOf(type, omitted) }]),
    ),
    required: shown.filter(isRequired).map(({ name }) => name),
    ...(shown.length === fields.length && { additionalProperties: false }),
  }
}

const isRequired = ({ type, defaultValue }: Field) => isNonNullType(type) && defaultValue === undefined

function schemaOf(type: GraphQLInputType, omitted: ReadonlySet<string>): object {
  if (isNonNullType(type)) return schemaOf(type.ofType, omitted)
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, omitted) }
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) }
  if (isInputObjectType(type)) return inputSchemaOf(Object.values(type.getFields()), omitted)
  return scalars[type.name] ?? { type: 'string' }
}

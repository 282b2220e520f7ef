import {
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { schema } from '../../src/graphql/schema.ts'

/** A place for a value in a document. */
export interface InputPosition {
  readonly name: string
  readonly type: GraphQLInputType
  /** The document with a literal, or a variable, at this position. */
  documentWith(literal: string, variables?: string): string
}

/** A valid literal of a type; required fields of an input object only. */
function validLiteral(type: GraphQLInputType): string {
  if (isNonNullType(type)) return validLiteral(type.ofType)
  if (isListType(type)) return `[${validLiteral(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type))
    return `{ ${required.map((field) => `${field.name}: ${validLiteral(field.type)}`).join(' ')} }`
  }
  return { Int: '1', Float: '1', Boolean: 'true', JSONObject: '{}' }[type.name] ?? '"x"'
}

/** Input types whose fields have been visited: other fields with such an argument add nothing. */
const visited = new Set<string>()

function positionsIn(
  operation: string,
  root: GraphQLObjectType | null | undefined,
): readonly InputPosition[] {
  return Object.values(root?.getFields() ?? {}).flatMap((field) => {
    const selection = isCompositeType(getNamedType(field.type)) ? '{ __typename }' : ''
    return field.args.flatMap((arg) => {
      const others = field.args
        .filter((one) => one !== arg && isNonNullType(one.type))
        .map((one) => `${one.name}: ${validLiteral(one.type)}`)
      const documentWith = (literal: string, variables = '') =>
        `${operation} ${variables} { ${field.name}(${[...others, `${arg.name}: ${literal}`].join(' ')}) ${selection} }`
      return withFields({ name: `${field.name}.${arg.name}`, type: arg.type, documentWith })
    })
  })
}

function withFields(position: InputPosition): readonly InputPosition[] {
  const type = getNamedType(position.type)
  if (!isInputObjectType(type) || visited.has(type.name)) return [position]
  visited.add(type.name)
  const isList = String(position.type).startsWith('[')
  const inside = Object.values(type.getFields()).flatMap((field) => {
    const others = Object.values(type.getFields()).filter((one) => one !== field && isNonNullType(one.type))
    const documentWith = (literal: string, variables?: string) => {
      const fields = [
        ...others.map((one) => `${one.name}: ${validLiteral(one.type)}`),
        `${field.name}: ${literal}`,
      ]
      const object = `{ ${fields.join(' ')} }`
      return position.documentWith(isList ? `[${object}]` : object, variables)
    }
    return withFields({ name: `${position.name}.${field.name}`, type: field.type, documentWith })
  })
  return [position, ...inside]
}

/** Every argument of a root field, and every field of the input types. */
export const inputPositions: readonly InputPosition[] = [
  ...positionsIn('query', schema.getQueryType()),
  ...positionsIn('mutation', schema.getMutationType()),
  ...positionsIn('subscription', schema.getSubscriptionType()),
]

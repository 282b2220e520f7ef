import {
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  responsePathAsArray,
} from 'graphql'
import { type Random, randomFrom } from '../helpers/random.ts'

/** The context of one execution over generated data. */
export interface GeneratedContext {
  /** The same seed gives the same data. */
  readonly seed: number
  /** How many of 1,000 fields fail or return what their type does not allow. */
  readonly faultsPerThousand: number
  /** When the root fields of a mutation started and ended, in this order. */
  readonly events: string[]
}

export interface GeneratedObject {
  readonly __typename: string
  /** Its fields are a function of it. */
  readonly fieldSeed: number
  /** The resolver of its abstract type throws. */
  readonly cannotBeTyped: boolean
}

export interface ValueSource {
  readonly random: Random
  readonly schema: GraphQLSchema
  readonly info: GraphQLResolveInfo
  /** What objects of a type inherit from. */
  prototypeOf(typeName: string): object
}

/** Random numbers that are a function of the given values (FNV-1a of their JSON). */
export function randomOf(...values: readonly unknown[]): Random {
  let hash = 0x811c9dc5
  const text = JSON.stringify(values)
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return randomFrom(hash)
}

/** A value that the type allows; parts of lists may be promises. */
export function allowedValue(type: GraphQLOutputType, source: ValueSource): unknown {
  const { random } = source
  if (isNonNullType(type)) return presentValue(type.ofType, source)
  if (random.below(100) < 15) return random.pick([null, undefined])
  return presentValue(type, source)
}

function presentValue(type: GraphQLOutputType, source: ValueSource): unknown {
  const { random, schema } = source
  if (isNonNullType(type)) return presentValue(type.ofType, source)
  if (isListType(type)) {
    const items = Array.from({ length: random.below(4) }, () => {
      const item = allowedValue(type.ofType, source)
      return random.below(10) === 0 ? Promise.resolve(item) : item
    })
    return random.below(10) === 0 ? new Set(items) : items
  }
  if (isEnumType(type)) return random.pick(type.getValues()).value
  if (isLeafType(type)) return scalarValue(type.name, source)
  const { name } = isAbstractType(type) ? random.pick(schema.getPossibleTypes(type)) : type
  return objectOf(name, source)
}

function objectOf(__typename: string, { random, prototypeOf }: ValueSource): GeneratedObject {
  const own = { __typename, fieldSeed: random.below(2 ** 31), cannotBeTyped: random.below(500) === 0 }
  return Object.assign(Object.create(prototypeOf(__typename)), own)
}

function scalarValue(name: string, { random, info }: ValueSource): unknown {
  if (name === 'Int') return random.pick([0, -1, 7, 2 ** 31 - 1])
  if (name === 'Float') return random.pick([0, 0.5, -1e9])
  if (name === 'Boolean') return random.below(2) === 0
  if (name === 'DateTime') return new Date(random.below(2 ** 31) * 1000)
  if (name === 'JSONObject') return { a: random.below(9), b: [null, { c: 'text' }] }
  if (name === 'ID') return random.pick([random.below(1000), `id-${random.below(1000)}`])
  return random.pick(['', 'text', 'quote " and \u2028 \\ é', describe(info), 12.5, true])
}

/** What a resolver receives about its field. */
const describe = ({
  parentType,
  fieldName,
  returnType,
  path,
  operation,
  variableValues,
}: GraphQLResolveInfo) =>
  `${parentType}.${fieldName}: ${returnType} at ${responsePathAsArray(path).join('.')} of ${operation.name?.value}, ${JSON.stringify(variableValues)}`

class CustomError extends Error {
  readonly extensions = { code: 'CUSTOM' }
}

/** Throws, rejects, or returns a value that the type does not allow. */
export function faultOf(type: GraphQLOutputType, source: ValueSource): unknown {
  const { random } = source
  const message = `fault ${random.below(1000)}`
  switch (random.below(8)) {
    case 0:
      throw new CustomError(message)
    case 1:
      throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
    case 2:
      return Promise.reject(new TypeError(message))
    case 3:
      return new CustomError(message)
    case 4:
      return Promise.resolve(null)
    case 5:
      return listWithFault(type, message, source)
    default:
      return wrongValue(type, source)
  }
}

function listWithFault(type: GraphQLOutputType, message: string, source: ValueSource): unknown {
  const list = isNonNullType(type) ? type.ofType : type
  if (!isListType(list)) return null
  const items = [allowedValue(list.ofType, source), allowedValue(list.ofType, source)]
  items[source.random.below(2)] = source.random.pick([null, new CustomError(message), 'text'])
  return items
}

function wrongValue(type: GraphQLOutputType, source: ValueSource): unknown {
  const { random, schema } = source
  if (isNonNullType(type)) return wrongValue(type.ofType, source)
  if (isListType(type)) return random.pick(['text', 7, {}])
  if (isLeafType(type)) return random.pick([{}, [], Number.NaN, 2 ** 40, 'no such value', Symbol('wrong')])
  if (isAbstractType(type))
    return random.pick([{}, objectOf('NoSuchType', source), objectOf('Query', source), 7])
  return random.pick([7, 'text', {}, objectOf(random.pick(Object.keys(schema.getTypeMap())), source)])
}

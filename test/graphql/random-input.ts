import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql'
import type { Random } from '../helpers/random.ts'

/** Values that generated arguments are picked from, by the name of their scalar type. */
export interface ArgumentValues {
  readonly ID: readonly string[]
  readonly String: readonly string[]
  /** By default 1 to 5. */
  readonly Int?: readonly number[]
}

export interface RandomInputSource {
  readonly random: Random
  readonly values: ArgumentValues
}

/** A value of an input type, as JSON: never null, with some of the optional fields of input objects. */
export function randomInput(type: GraphQLInputType, source: RandomInputSource, depth = 0): unknown {
  const { random } = source
  if (isNonNullType(type)) return randomInput(type.ofType, source, depth)
  if (isListType(type))
    return Array.from({ length: 1 + random.below(2) }, () => randomInput(type.ofType, source, depth))
  if (isEnumType(type)) return random.pick(type.getValues()).name
  if (!isInputObjectType(type)) return randomLeaf(type.name, source)
  const optional = depth > 3 ? 0 : 30
  const chosen = Object.values(type.getFields()).filter(
    (field) => isNonNullType(field.type) || random.below(100) < optional,
  )
  return Object.fromEntries(chosen.map(({ name, type }) => [name, randomInput(type, source, depth + 1)]))
}

/** A value of the scalar type with this name. */
export function randomLeaf(name: string, { random, values }: RandomInputSource): unknown {
  if (name === 'Int' || name === 'Float') return values.Int ? random.pick(values.Int) : 1 + random.below(5)
  if (name === 'Boolean') return random.below(100) < 50
  if (name === 'DateTime') return '2030-01-01T00:00:00.000Z'
  if (name === 'URL') return 'https://app.example.com/return'
  if (name === 'JSONObject') return {}
  return random.pick(name === 'ID' ? values.ID : values.String)
}

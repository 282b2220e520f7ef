import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type OperationTypeNode,
} from 'graphql'
import { schema } from '../../src/graphql/schema.ts'
import type { Random } from '../helpers/random.ts'
import { type ArgumentValues, randomInput } from './random-input.ts'

export interface GeneratedOperation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

export type RootField = GraphQLField<unknown, unknown>

export const rootFieldsOf = (operation: OperationTypeNode): readonly RootField[] =>
  Object.values(schema.getRootType(operation)?.getFields() ?? {})

/** An operation for one root field: all leaf fields of every selected object, random object fields, random arguments. */
export function generateOperation(
  operation: OperationTypeNode,
  field: RootField,
  { random, values }: { readonly random: Random; readonly values: ArgumentValues },
): GeneratedOperation {
  const chance = (percent: number) => random.below(100) < percent
  const variables: Record<string, unknown> = {}
  const definitions: string[] = []

  function argumentsOf(args: readonly GraphQLArgument[], optional: number): string {
    const chosen = args.filter((arg) => isNonNullType(arg.type) || chance(optional))
    if (chosen.length === 0) return ''
    const texts = chosen.map((arg) => {
      const variable = `v${definitions.length}`
      definitions.push(`$${variable}: ${arg.type}`)
      variables[variable] = randomInput(arg.type, { random, values })
      return `${arg.name}: $${variable}`
    })
    return `(${texts.join(', ')})`
  }

  function selectionOf(type: GraphQLOutputType, depth: number): string {
    const named: GraphQLNamedOutputType = getNamedType(type)
    if (isLeafType(named)) return ''
    if (isAbstractType(named)) {
      // One type per operation: fields of the same name in two types may have types that cannot be merged.
      const chosen = random.pick(schema.getPossibleTypes(named))
      return `{ __typename ... on ${chosen.name} ${selectionOf(chosen, depth)} }`
    }
    if (!isObjectType(named)) throw new Error(`${type} cannot be selected`)
    const parts = Object.values(named.getFields())
      .filter((one) => isLeafType(getNamedType(one.type)) || (depth < 6 && chance(60 - depth * 8)))
      .map((one) => `${one.name}${argumentsOf(one.args, 30)} ${selectionOf(one.type, depth + 1)}`)
    return `{ __typename ${parts.join(' ')} }`
  }

  const selection = selectionOf(field.type, 0)
  const args = argumentsOf(field.args, 60)
  const head = definitions.length === 0 ? '' : `(${definitions.join(', ')})`
  return { query: `${operation} ${head} { ${field.name}${args} ${selection} }`, variables }
}

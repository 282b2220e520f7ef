import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isUnionType,
  type OperationTypeNode,
  parse,
  validate,
} from 'graphql'
import type { Random } from '../helpers/random.ts'
import { type ArgumentWriter, createArgumentWriter } from './random-arguments.ts'
import type { RandomInputSource } from './random-input.ts'

export interface RandomOperation {
  readonly text: string
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string
}

export interface RandomOperationOptions extends RandomInputSource {
  readonly schema: GraphQLSchema
  readonly type: OperationTypeNode
  /** Root fields that may be selected; by default all. */
  readonly rootFields?: (field: GraphQLField<unknown, unknown>) => boolean
}

/**
 * A valid operation with any feature of the language: aliases, named and inline fragments, abstract types, `__typename`,
 * introspection, `@include` and `@skip`, variables, fields selected repeatedly, and a second operation in the document.
 */
export function randomOperation(options: RandomOperationOptions): RandomOperation {
  for (;;) {
    const operation = generate(options)
    // Fields with the same key in different types or with different arguments cannot always be merged.
    if (validate(options.schema, operation.document).length === 0) return operation
  }
}

const maxDepth = 6
const maxFields = 40

function generate({ schema, type, rootFields = () => true, random, values }: RandomOperationOptions) {
  const writer = createArgumentWriter({ random, values })
  const selections = createSelectionWriter(schema, random, writer)
  const root = schema.getRootType(type)
  if (root == null) throw new Error(`the schema has no ${type}`)
  const selected = selections.ofRoot(Object.values(root.getFields()).filter(rootFields))
  const introspection =
    type === 'query' && random.below(50) === 0
      ? '__type(name: "Connection") { kind fields { name type { name } } }'
      : ''
  const operation = `${type} Tested${writer.definitions()} { ${introspection} ${selected} }`
  const other = random.below(10) === 0 ? ['query Other { __typename }'] : []
  const text = [...other, ...selections.fragments.map(({ text }) => text), operation].join('\n')
  return { text, document: parse(text), variables: writer.variables, operationName: 'Tested' }
}

interface Fragment {
  readonly name: string
  readonly on: GraphQLCompositeType
  readonly text: string
}

function createSelectionWriter(schema: GraphQLSchema, random: Random, writer: ArgumentWriter) {
  const fragments: Fragment[] = []
  let names = 0
  let fieldsLeft = maxFields
  const chance = (percent: number) => random.below(100) < percent

  /** A type whose fragments can be spread in a selection of `type`: itself or an object type that it can be. */
  function narrowed(type: GraphQLCompositeType): GraphQLCompositeType {
    return isAbstractType(type) && chance(80) ? random.pick(schema.getPossibleTypes(type)) : type
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const on = narrowed(type)
    if (chance(50)) {
      const condition = on === type && chance(50) ? '' : ` on ${on.name}`
      return `...${condition}${writer.directives()} ${selectionSet(on, depth + 1)}`
    }
    const known = fragments.filter((one) => one.on === on)
    if (known.length > 0 && chance(50)) return `...${random.pick(known).name}${writer.directives()}`
    const name = `F${names++}`
    const text = `fragment ${name} on ${on.name} ${selectionSet(on, depth + 1)}`
    // Only now: within its own selections it would be a cycle.
    fragments.push({ name, on, text })
    return `...${name}${writer.directives()}`
  }

  function field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    fieldsLeft -= 1
    const given = writer.argumentsOf(args)
    // Fields with arguments get keys of their own, else they could seldom be merged.
    const alias = given !== '' || chance(20) ? `a${names++}: ` : ''
    const named = getNamedType(type)
    const selection = isCompositeType(named) ? ` ${selectionSet(named, depth + 1)}` : ''
    return `${alias}${name}${given}${writer.directives()}${selection}`
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    if (chance(8)) return chance(50) ? '__typename' : `a${names++}: __typename`
    const isDeep = depth >= maxDepth || fieldsLeft <= 0
    if (!isDeep && chance(isAbstractType(type) ? 60 : 15)) return fragment(type, depth)
    if (isUnionType(type)) return '__typename'
    const fields = Object.values(type.getFields()).filter(
      (one) => !isDeep || isLeafType(getNamedType(one.type)),
    )
    return fields.length === 0 ? '__typename' : field(random.pick(fields), depth)
  }

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + random.below(depth >= maxDepth || fieldsLeft <= 0 ? 2 : 6)
    return `{ ${Array.from({ length: count }, () => selection(type, depth)).join(' ')} }`
  }

  return {
    fragments,
    ofRoot: (fields: readonly GraphQLField<unknown, unknown>[]): string =>
      Array.from({ length: 1 + random.below(3) }, () => field(random.pick(fields), 1)).join(' '),
  }
}

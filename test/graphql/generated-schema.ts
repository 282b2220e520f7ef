import {
  buildSchema,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  printSchema,
} from 'graphql'
import {
  allowedValue,
  faultOf,
  type GeneratedContext,
  type GeneratedObject,
  randomOf,
} from './generated-value.ts'

type Field = GraphQLField<unknown, unknown>
/** By name of their type: what generated objects inherit from. */
type Prototypes = Map<string, object>

export interface SchemaTraits {
  /** Fields without a resolver, whose values are methods. */
  readonly methods: boolean
  /** Types that are resolved asynchronously. */
  readonly lateTypes: boolean
}

const allTraits: SchemaTraits = { methods: true, lateTypes: true }

/**
 * A copy of the schema whose fields return generated data: a function of the seed in the context, the object, the field
 * and its arguments, so that every executor receives the same. Some fields fail or return what their type does not allow.
 */
export function generatedSchema(original: GraphQLSchema, traits: SchemaTraits = allTraits): GraphQLSchema {
  const schema = buildSchema(printSchema(original), { assumeValid: true })
  const prototypes: Prototypes = new Map()
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isScalarType(type) && !isSpecifiedScalarType(type)) {
      const { serialize, parseValue, parseLiteral } = original.getType(type.name) as typeof type
      Object.assign(type, { serialize, parseValue, parseLiteral })
    }
    if (isAbstractType(type)) resolveTypeOf(type, schema, traits)
    if (isObjectType(type)) resolveFieldsOf(type, { schema, prototypes, traits })
  }
  return schema
}

/** A third of the abstract types resolves its name at once, a third later, and a third by `__typename`. */
function resolveTypeOf(type: GraphQLAbstractType, schema: GraphQLSchema, { lateTypes }: SchemaTraits): void {
  const nameOf = ({ __typename, cannotBeTyped }: GeneratedObject) => {
    if (cannotBeTyped) throw new Error(`a type of ${type.name} failed`)
    return __typename
  }
  const way = schema.getPossibleTypes(type).length % 3
  if (way === 0) type.resolveType = nameOf
  if (way === 1) type.resolveType = lateTypes ? async (value) => nameOf(value) : nameOf
}

type Resolver = GraphQLFieldResolver<Partial<GeneratedObject> | undefined, GeneratedContext>

interface GeneratedTypes {
  readonly schema: GraphQLSchema
  readonly prototypes: Prototypes
  readonly traits: SchemaTraits
}

function resolveFieldsOf(type: GraphQLObjectType, { schema, prototypes, traits }: GeneratedTypes): void {
  if (type.name.length % 4 === 0) type.isTypeOf = (value: GeneratedObject) => value.__typename === type.name
  const prototype: Record<string, unknown> = {}
  prototypes.set(type.name, prototype)
  for (const field of Object.values(type.getFields())) {
    const resolve = resolverOf(field, { schema, prototypes, isSerial: type === schema.getMutationType() })
    if (!traits.methods || isRoot(type, schema) || field.name.length % 3 > 0) field.resolve = resolve
    // A method, which the default resolver calls.
    else
      prototype[field.name] = function (this: GeneratedObject, ...args: DefaultArguments) {
        return resolve(this, ...args)
      }
  }
}

type DefaultArguments = [args: object, context: GeneratedContext, info: GraphQLResolveInfo]

const isRoot = (type: GraphQLObjectType, schema: GraphQLSchema) =>
  type === schema.getQueryType() || type === schema.getMutationType()

interface ResolverOptions {
  readonly schema: GraphQLSchema
  readonly prototypes: Prototypes
  /** Records when calls start and end. */
  readonly isSerial: boolean
}

/** Executors may pass arguments and fields of input objects in any order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  // As a missing field.
  const given = Object.entries(value).filter(([, entry]) => entry !== undefined)
  const entries = given.sort(([left], [right]) => (left < right ? -1 : 1))
  return entries.map(([name, entry]) => [name, sorted(entry)])
}

function resolverOf({ type, name }: Field, { schema, prototypes, isSerial }: ResolverOptions): Resolver {
  const prototypeOf = (typeName: string) => prototypes.get(typeName) ?? {}
  return (parent, args, context, info) => {
    const random = randomOf(context.seed, parent?.fieldSeed ?? 0, info.parentType.name, name, sorted(args))
    const source = { random, schema, info, prototypeOf }
    if (isSerial) context.events.push(`start ${info.path.key}`)
    if (random.below(1000) < context.faultsPerThousand) return faultOf(type, source)
    const value = allowedValue(type, source)
    if (!isSerial && random.below(4) > 0) return value
    return Promise.resolve(value).then((late) => {
      if (isSerial) context.events.push(`end ${info.path.key}`)
      return late
    })
  }
}

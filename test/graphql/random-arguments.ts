import {
  type GraphQLArgument,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { type RandomInputSource, randomInput, randomLeaf } from './random-input.ts'

/** Writes the arguments and directives of one operation and collects the variables that they use. */
export interface ArgumentWriter {
  /** The arguments of a field in parentheses; empty if it gets none. */
  argumentsOf(args: readonly GraphQLArgument[]): string
  /** `@include` and `@skip`, mostly none. */
  directives(): string
  /** Definitions of the variables in parentheses; empty if there are none. */
  definitions(): string
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * Literals and variables, also within lists and input objects; variables with default values, omitted, null, and in 1 % of
 * cases of a wrong type.
 */
export function createArgumentWriter(source: RandomInputSource): ArgumentWriter {
  const { random } = source
  const variables: Record<string, unknown> = {}
  const definitions: string[] = []
  const chance = (percent: number) => random.below(100) < percent
  // As most clients write them: variables without default values and not within input objects, and no directives.
  const isPlain = chance(75)

  /** Defines a variable that may be used at a position of this type, and returns a reference to it. */
  function variable(type: GraphQLInputType): string {
    const name = `v${definitions.length}`
    const nullable = isNonNullType(type) ? type.ofType : type
    const hasDefault = !isPlain && chance(30)
    const isRequired = isNonNullType(type) ? !hasDefault : chance(20)
    const declared = isRequired ? `${nullable}!` : String(nullable)
    definitions.push(
      `$${name}: ${declared}${hasDefault ? ` = ${literal(randomInput(nullable, source), nullable)}` : ''}`,
    )
    const roll = random.below(100)
    if (roll === 0) variables[name] = random.pick([{ wrong: 'type' }, 'text', 1.5, true])
    else if (roll < 5 && !isRequired) variables[name] = null
    else if (roll >= 25 || (isRequired && !hasDefault)) variables[name] = randomInput(nullable, source)
    return `$${name}`
  }

  /** A literal of any value with variables in place of some parts, or a variable. */
  function valueText(type: GraphQLInputType, depth = 0): string {
    if (chance(depth === 0 ? 50 : isPlain ? 0 : 15)) return variable(type)
    if (isNonNullType(type)) return valueText(type.ofType, depth + 1)
    if (chance(5) && depth > 0) return literal(randomInput(type, source), type)
    if (isListType(type))
      return `[${Array.from({ length: random.below(3) }, () => valueText(type.ofType, depth + 1)).join(', ')}]`
    if (isEnumType(type)) return random.pick(type.getValues()).name
    if (!isInputObjectType(type)) return literal(randomLeaf(type.name, source), type)
    const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || chance(30))
    return `{ ${fields.map((field) => `${field.name}: ${valueText(field.type, depth + 1)}`).join(', ')} }`
  }

  function condition(): string {
    if (chance(40)) return String(chance(60))
    const name = `v${definitions.length}`
    const hasDefault = chance(30)
    definitions.push(`$${name}: Boolean!${hasDefault ? ` = ${chance(50)}` : ''}`)
    if (!hasDefault || chance(50)) variables[name] = chance(60)
    return `$${name}`
  }

  return {
    variables,
    argumentsOf(args) {
      const chosen = args.filter((arg) => isNonNullType(arg.type) || chance(40))
      if (chosen.length === 0) return ''
      return `(${chosen.map((arg) => `${arg.name}: ${valueText(arg.type)}`).join(', ')})`
    },
    directives() {
      if (isPlain || !chance(12)) return ''
      const names = random.pick([['include'], ['skip'], ['include', 'skip']])
      return names.map((name) => ` @${name}(if: ${condition()})`).join('')
    },
    definitions: () => (definitions.length === 0 ? '' : `(${definitions.join(', ')})`),
  }
}

/** A JSON value as a GraphQL literal: names of enum values without quotes, names of fields too. */
function literal(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(value, type.ofType)
  if (Array.isArray(value))
    return `[${value.map((item) => literal(item, isListType(type) ? type.ofType : type)).join(', ')}]`
  if (isEnumType(type)) return String(value)
  if (!isInputObjectType(type)) return JSON.stringify(value)
  const fields = type.getFields()
  const texts = Object.entries(Object(value)).map(([name, item]) => {
    const field = fields[name]
    if (field === undefined) throw new Error(`${type} has no field ${name}`)
    return `${name}: ${literal(item, field.type)}`
  })
  return `{ ${texts.join(', ')} }`
}

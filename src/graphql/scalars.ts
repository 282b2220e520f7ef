import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars'
import { builder } from './builder.ts'

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A moment in ISO 8601, UTC, with milliseconds.',
})
builder.addScalarType('JSONObject', JSONObjectResolver, { description: 'A JSON object with any keys.' })

const notText = () => new GraphQLError('URL must be a string.', { extensions: { code: 'BAD_USER_INPUT' } })

/**
 * Ours, because libraries parse URLs on the way in and out: blanks and backslashes vanish before a rule can see
 * them, and a link would not come out byte for byte.
 */
const url = new GraphQLScalarType<string, string>({
  name: 'URL',
  parseValue: (value) => {
    if (typeof value !== 'string') throw notText()
    return value
  },
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw notText()
    return node.value
  },
  serialize: (value) => String(value),
})

builder.addScalarType('URL', url, {
  description:
    'An absolute URL, passed on exactly as it was given. Rules for addresses are checked per input.',
})

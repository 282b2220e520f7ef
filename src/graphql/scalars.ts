import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars'
import { builder } from './builder.ts'

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A point in time in ISO 8601 format, in UTC with milliseconds.',
})
builder.addScalarType('JSONObject', JSONObjectResolver, { description: 'A JSON object with any keys.' })

const notString = () => new GraphQLError('URL must be a string.', { extensions: { code: 'BAD_USER_INPUT' } })

/**
 * Not the URL scalar of graphql-scalars: it normalizes URLs, so that blanks and backslashes vanish before they can be refused,
 * and links would not be returned byte for byte.
 */
const url = new GraphQLScalarType<string, string>({
  name: 'URL',
  parseValue: (value) => {
    if (typeof value !== 'string') throw notString()
    return value
  },
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw notString()
    return node.value
  },
  serialize: (value) => String(value),
})

builder.addScalarType('URL', url, {
  description: 'An absolute URL, passed on exactly as given. Which URLs are allowed depends on the field.',
})

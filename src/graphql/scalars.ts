import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars'
import { builder } from './builder.ts'

/** A profile of RFC 3339. */
const dateTimeSpecification = 'https://scalars.graphql.org/andimarek/date-time.html'

const withSpecification = <Internal, External>(
  scalar: GraphQLScalarType<Internal, External>,
  specifiedByURL: string,
) => new GraphQLScalarType<Internal, External>({ ...scalar.toConfig(), specifiedByURL })

/** PostgreSQL has no year 0. */
function requireYear(date: Date): Date {
  if (date.getUTCFullYear() > 0) return date
  throw new GraphQLError('DateTime must be after the year 0.', { extensions: { code: 'BAD_USER_INPUT' } })
}

const dateTime = new GraphQLScalarType<Date, Date>({
  ...DateTimeResolver.toConfig(),
  parseValue: (value) => requireYear(DateTimeResolver.parseValue(value)),
  parseLiteral: (node, variables) => requireYear(DateTimeResolver.parseLiteral(node, variables)),
})

builder.addScalarType('DateTime', withSpecification(dateTime, dateTimeSpecification), {
  description: 'A point in time as in RFC 3339, in UTC with milliseconds: "2026-11-22T11:38:17.634Z".',
})
builder.addScalarType('JSONObject', JSONObjectResolver, { description: 'A JSON object with any keys.' })

const notString = () => new GraphQLError('URL must be a string.', { extensions: { code: 'BAD_USER_INPUT' } })

/**
 * Not the URL scalar of graphql-scalars: it normalizes URLs, so that blanks and backslashes vanish before they can be refused,
 * and links would not be returned byte for byte.
 */
const url = new GraphQLScalarType<string, string>({
  name: 'URL',
  specifiedByURL: 'https://url.spec.whatwg.org/',
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

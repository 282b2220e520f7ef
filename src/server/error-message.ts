import { type GraphQLError, Kind } from 'graphql'

const valueKinds: readonly string[] = [
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]

/**
 * The message of a GraphQL error without values of the request, which may be credentials: names of fields, arguments,
 * variables and types remain. With `hideNames` also without suggestions of names in the schema. A cleaned message is
 * returned unchanged: errors of cached documents are cleaned again.
 */
export function cleanMessage(error: GraphQLError, hideNames: boolean): string {
  const clean = withoutValues(error)
  return hideNames ? clean.replace(/ Did you mean [\s\S]*$/, '') : clean
}

function withoutValues({ message, nodes, extensions }: GraphQLError): string {
  if (extensions.code === 'GRAPHQL_PARSE_FAILED') return syntaxMessage(message)
  const isAboutValue = nodes?.[0] === undefined || valueKinds.includes(nodes[0].kind)
  if (extensions.code === 'GRAPHQL_VALIDATION_FAILED' && isAboutValue) return valueMessage(message)
  return argumentMessage(message) ?? variableMessage(message) ?? message
}

/** What the parser expected, or the kind of the token that it found. */
const syntaxReason = /^Syntax Error: (Expected ("[^"]{1,8}"|<\w+>|\w+)|Unexpected ("[^"]{1,3}"|<\w+>|\w+))/

const syntaxMessage = (message: string) =>
  `${syntaxReason.exec(message)?.[0] ?? 'Syntax Error: The document is malformed'}.`

/** Beginnings of messages, and whole messages, that contain only names. Scalars have messages of their own: unknown ones are replaced. */
const valueReasons = [
  /^Expected value of type "[\w[\]!]+"/,
  /^(Int|Float|String|Boolean|ID) cannot represent/,
  /^Enum "\w+" cannot represent non-enum value/,
  /^Field "[\w.]+" of required type "[\w[\]!]+" was not provided/,
  /^Field "[\w.]+" must be non-null/,
  /^OneOf Input Object "\w+" must specify exactly one key/,
]
const unknownEnumValue =
  /^Value (?:"\w*" )?does not exist in (?<type>"\w+" enum\.)(?<hint> Did you mean the enum value [^?]*\?)?$/

function valueMessage(message: string): string {
  const { type, hint = '' } = unknownEnumValue.exec(message)?.groups ?? {}
  if (type !== undefined) return `Value does not exist in ${type}${hint}`
  const reason = valueReasons.map((pattern) => pattern.exec(message)?.[0]).find((text) => text !== undefined)
  return reason === undefined
    ? 'The value does not match the expected type.'
    : `${reason.replace(/ cannot represent$/, ' cannot represent the value')}.`
}

const invalidArgument = /^Argument "\w+" has invalid value\b/

const argumentMessage = (message: string) => {
  const beginning = invalidArgument.exec(message)?.[0]
  return beginning === undefined ? null : `${beginning}.`
}

const invalidVariable = /^Variable "(\$\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ([\s\S]*)$/
/** The reasons that contain only names of the schema. */
const safeReason =
  /^(Field "\w+" (is not defined by type|of required type) "[\w[\]!]+"( was not provided)?\.)/

function variableMessage(message: string): string | null {
  const [, variable, path, rawReason = ''] = invalidVariable.exec(message) ?? []
  if (variable === undefined) return null
  const reason = safeReason.exec(rawReason)?.[1] ?? 'It does not match the expected type.'
  return `Variable "${variable}" has an invalid value${path ? ` at "${path}"` : ''}. ${reason}`
}

import type { SandboxRequest } from '../../http-types.ts'
import type { Json, JsonObject } from '../../json.ts'
import { isObject } from '../../json.ts'
import { type Issue, missing } from './errors.ts'

type Loc = readonly (string | number)[]
type Check = (value: Json, loc: Loc) => readonly Issue[]

// The model of POST …/connect: docs.xpander.ai/api-reference/v1/connectors/connect-connector. Unknown fields are
// accepted; `security` and `headers` are optional but must not be null.
const optionalFields: Readonly<Record<string, Check>> = {
  version: nullable(text),
  security: dictionary,
  general_params: nullable(listOf(generalParam)),
  headers: dictionary,
  target_system_servers: nullable(listOf(dictionary)),
  access_scope: nullable(text),
  is_service_account: nullable(bool),
}

const locations = ['path', 'query', 'header', 'cookie']
const trueValues = ['1', 'on', 't', 'true', 'y', 'yes']
const falseValues = ['0', 'off', 'f', 'false', 'n', 'no']

/** All validation errors of the request body. */
export function connectBodyIssues({ body, rawBody, headers }: SandboxRequest): readonly Issue[] {
  if (rawBody === '') return [missing(['body'], null)]
  if (body === undefined) {
    const ctx = { error: 'Expecting value' }
    return [{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {}, ctx }]
  }
  // FastAPI parses JSON only with a JSON content type.
  if (!/\bjson\b/i.test(headers['content-type'] ?? '')) return [notAnObject(['body'], rawBody)]
  if (!isObject(body)) return [notAnObject(['body'], body)]
  const optional = Object.entries(optionalFields).flatMap(([name, check]) => {
    const value = body[name]
    return value === undefined ? [] : check(value, ['body', name])
  })
  return [...required(body, 'name', ['body']), ...optional]
}

/** Parses a boolean as pydantic's lax mode does; undefined when it is none. */
export function readBool(value: Json | undefined): boolean | undefined {
  const normalized = String(value).toLowerCase()
  if (trueValues.includes(normalized)) return true
  return falseValues.includes(normalized) ? false : undefined
}

function required(object: JsonObject, name: string, loc: Loc): readonly Issue[] {
  const value = object[name]
  return value === undefined ? [missing([...loc, name], object)] : text(value, [...loc, name])
}

function notAnObject(loc: Loc, input: Json): Issue {
  const msg = 'Input should be a valid dictionary or object to extract fields from'
  return { type: 'model_attributes_type', loc, msg, input }
}

function nullable(check: Check): Check {
  return (value, loc) => (value === null ? [] : check(value, loc))
}

function listOf(check: Check): Check {
  return (value, loc) =>
    Array.isArray(value)
      ? value.flatMap((one, index) => check(one, [...loc, index]))
      : [{ type: 'list_type', loc, msg: 'Input should be a valid list', input: value }]
}

function text(value: Json, loc: Loc): readonly Issue[] {
  if (typeof value === 'string') return []
  return [{ type: 'string_type', loc, msg: 'Input should be a valid string', input: value }]
}

function dictionary(value: Json, loc: Loc): readonly Issue[] {
  if (isObject(value)) return []
  return [{ type: 'dict_type', loc, msg: 'Input should be a valid dictionary', input: value }]
}

function bool(value: Json, loc: Loc): readonly Issue[] {
  if (typeof value === 'object') {
    return [{ type: 'bool_type', loc, msg: 'Input should be a valid boolean', input: value }]
  }
  if (readBool(value) !== undefined) return []
  const msg = 'Input should be a valid boolean, unable to interpret input'
  return [{ type: 'bool_parsing', loc, msg, input: value }]
}

function generalParam(value: Json, loc: Loc): readonly Issue[] {
  if (!isObject(value)) return [notAnObject(loc, value)]
  return [
    ...required(value, 'name', loc),
    ...required(value, 'description', loc),
    ...locationIssues(value, [...loc, 'location']),
    ...(value.value === undefined ? [] : nullable(text)(value.value, [...loc, 'value'])),
  ]
}

function locationIssues(param: JsonObject, loc: Loc): readonly Issue[] {
  const { location } = param
  if (location === undefined) return [missing(loc, param)]
  if (typeof location === 'string' && locations.includes(location)) return []
  const expected = "'path', 'query', 'header' or 'cookie'"
  return [
    { type: 'literal_error', loc, msg: `Input should be ${expected}`, input: location, ctx: { expected } },
  ]
}

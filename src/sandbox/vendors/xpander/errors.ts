import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json } from '../../json.ts'

/** The two generations of the API: `/v1/connectors…` and `/v1/tools…`. */
export type Family = 'connectors' | 'tools'

/** One validation error in the format and wording of the API's framework (FastAPI with pydantic 2). */
export interface Issue {
  readonly type: string
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly input: Json
  readonly ctx?: object
}

/**
 * The wording of pydantic 1 for the types of pydantic 2. SEEN in docs.xpander.ai (REST sample): that of `missing`; the
 * others are INFERRED: messages of pydantic 1.
 */
const olderWording: Readonly<Record<string, Pick<Issue, 'type' | 'msg'>>> = {
  missing: { type: 'value_error.missing', msg: 'field required' },
  string_type: { type: 'type_error.str', msg: 'str type expected' },
  dict_type: { type: 'type_error.dict', msg: 'value is not a valid dict' },
  model_attributes_type: { type: 'type_error.dict', msg: 'value is not a valid dict' },
  list_type: { type: 'type_error.list', msg: 'value is not a valid list' },
  bool_type: { type: 'type_error.bool', msg: 'value could not be parsed to a boolean' },
  bool_parsing: { type: 'type_error.bool', msg: 'value could not be parsed to a boolean' },
  literal_error: { type: 'value_error.const', msg: 'unexpected value' },
  int_parsing: { type: 'type_error.integer', msg: 'value is not a valid integer' },
  greater_than_equal: { type: 'value_error.number.not_ge', msg: 'ensure this value is not too small' },
  less_than_equal: { type: 'value_error.number.not_le', msg: 'ensure this value is not too large' },
  json_invalid: { type: 'value_error.jsondecode', msg: 'Expecting value' },
}

/** Status 422. The older family echoes the invalid input, including secrets; the newer has only loc, msg and type. */
export function unprocessable(family: Family, issues: readonly Issue[]): SandboxResponse {
  const detail =
    family === 'connectors'
      ? issues.map((issue) => ({ ...issue, ...olderWording[issue.type] }))
      : issues.map(({ loc, msg, type }) => ({ loc, msg, type }))
  return { status: 422, body: { detail } }
}

export function errorResponse(status: number, detail: string): SandboxResponse {
  return { status, body: { detail } }
}

export function missing(loc: readonly (string | number)[], input: Json): Issue {
  return { type: 'missing', loc, msg: 'Field required', input }
}

/** The 401 response for a missing or wrong API key; undefined: the key is valid. */
export function authErrorResponse(
  family: Family,
  { headers }: SandboxRequest,
  suffix: string,
): SandboxResponse | undefined {
  const bearer = family === 'tools' ? /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] : undefined
  const key = headers['x-api-key'] ?? bearer
  if (key === undefined) return errorResponse(401, 'Not authenticated')
  // An account has any number of keys: the gateway replaces one by another.
  return key.toString().replace(/\.\d$/, '') === `sandbox-key${suffix}`
    ? undefined
    : errorResponse(401, 'Invalid API key')
}

export interface PageParameters {
  readonly page: number
  readonly perPage: number
  readonly issues: readonly Issue[]
}

/** `page` from 1 (default 1), `per_page` from 1 to 50 (default 20): docs.xpander.ai/api-reference/v1/connectors. */
export function readPage(query: URLSearchParams): PageParameters {
  const page = query.get('page') ?? '1'
  const perPage = query.get('per_page') ?? '20'
  const issues = [
    ...integerIssues('page', page, Number.MAX_SAFE_INTEGER),
    ...integerIssues('per_page', perPage, 50),
  ]
  return { page: Number(page), perPage: Number(perPage), issues }
}

function integerIssues(name: string, text: string, max: number): readonly Issue[] {
  const loc = ['query', name]
  if (!/^-?\d+$/.test(text)) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer'
    return [{ type: 'int_parsing', loc, msg, input: text }]
  }
  const value = Number(text)
  if (value < 1) {
    const msg = 'Input should be greater than or equal to 1'
    return [{ type: 'greater_than_equal', loc, msg, input: text, ctx: { ge: 1 } }]
  }
  if (value <= max) return []
  const msg = `Input should be less than or equal to ${max}`
  return [{ type: 'less_than_equal', loc, msg, input: text, ctx: { le: max } }]
}

import { z } from 'zod'
import type { Expiry, LinkRequest } from '../adapter.ts'
import { namingFamily } from './services.ts'

const name = z
  .string()
  .trim()
  .min(1, 'must not be blank')
  .max(255, 'must have at most 255 characters')
  .nullish()

/** The `fivetran` options block of the input. */
export const linkOptions = z.object({
  groupId: name,
  schema: name,
  table: name,
  config: z.record(z.string(), z.unknown()).nullish(),
  hideSetupGuide: z.boolean().nullish(),
  allFields: z.boolean().nullish(),
  startSync: z.boolean().nullish(),
})

export type FivetranRequest = LinkRequest<z.output<typeof linkOptions>>

/** The group in which a link's connection is created. */
export const groupOf = ({ options }: FivetranRequest, defaultGroup: string) => options.groupId ?? defaultGroup

/** Lifetime of a card, one day: fivetran.com/docs/rest-api/api-reference/connections/connect-card. */
export const cardLifetimeSeconds = 86_400

/** The request body that creates a connection and its card in one call. */
export function connectionBody(request: FivetranRequest, defaultGroup: string) {
  return {
    group_id: groupOf(request, defaultGroup),
    service: request.connectorKey,
    paused: true,
    // No credentials have been entered yet. Sent explicitly: the documentation gives `true` as the default, maintainers
    // contradict it.
    run_setup_tests: false,
    // Announced as a future required field.
    destination_schema_names: 'FIVETRAN_NAMING',
    config: config(request),
    connect_card_config: cardConfig(request),
  }
}

const config = (request: FivetranRequest): Readonly<Record<string, unknown>> => ({
  ...defaultNames(request),
  ...request.options.config,
  ...namesFromOptions(request),
})

export const cardConfig = ({ redirectUri, options }: FivetranRequest) => ({
  redirect_uri: redirectUri,
  ...(options.hideSetupGuide == null ? {} : { hide_setup_guide: options.hideSetupGuide }),
  ...(options.allFields == null ? {} : { all_fields: options.allFields }),
})

/** Names are permanent and unique in a destination: they contain the link's ID, and a retry uses the same name. */
function defaultNames(request: FivetranRequest): Record<string, string> {
  const { connectorKey } = request
  switch (namingFamily(connectorKey)) {
    case 'schema':
      return { schema: uniqueName(request) }
    case 'schema_prefix':
      return { schema_prefix: uniqueName(request) }
    case 'schema_table':
      return { schema: uniqueName(request), table: connectorKey }
    case 'schema_table_group':
      return { schema: uniqueName(request), table_group_name: connectorKey }
  }
}

const uniqueName = ({ connectorKey, linkId }: FivetranRequest) =>
  `${connectorKey.slice(0, 40)}_${linkId.replaceAll('-', '').slice(0, 16)}`

/** The connection's name in the destination, as in `schema` of responses. `isUnique`: no other link uses the name. */
export function destinationName(request: FivetranRequest): {
  readonly name: string
  readonly isUnique: boolean
} {
  const names = config(request)
  const family = namingFamily(request.connectorKey)
  const first = names[family === 'schema_prefix' ? 'schema_prefix' : 'schema']
  const second = tableField[family] === null ? [] : [names[tableField[family]]]
  return { name: [first, ...second].join('.'), isUnique: first === uniqueName(request) }
}

/** The field of the table name; `null`: the family has no table. */
const tableField = {
  schema: null,
  schema_prefix: null,
  schema_table: 'table',
  schema_table_group: 'table_group_name',
} as const

export const takesTable = (service: string) => tableField[namingFamily(service)] !== null

function namesFromOptions({ options, connectorKey }: FivetranRequest): Record<string, string> {
  const family = namingFamily(connectorKey)
  const field = tableField[family]
  return {
    ...(options.schema == null
      ? {}
      : { [family === 'schema_prefix' ? 'schema_prefix' : 'schema']: options.schema }),
    ...(options.table == null || field === null ? {} : { [field]: options.table }),
  }
}

/**
 * The token has no `exp` claim: it expires one day after `iat`. INFERRED: the documentation gives the lifetime, and
 * published examples of tokens have `iat` only; that the day starts at `iat` is not documented.
 */
export function cardExpiry(token: string | null | undefined, now: Date): Expiry {
  const claims = z.object({ iat: z.number().int().positive() }).safeParse(readClaims(token))
  return claims.success
    ? { at: new Date((claims.data.iat + cardLifetimeSeconds) * 1000), source: 'TOKEN_CLAIM' }
    : { at: new Date(now.getTime() + cardLifetimeSeconds * 1000), source: 'PROVIDER_DEFAULT' }
}

function readClaims(token: string | null | undefined): unknown {
  // For an unreadable token, the expiry is estimated from the current time.
  try {
    return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}

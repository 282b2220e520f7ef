import { z } from 'zod'
import { redactProse } from '../../http/redact.ts'
import type { RemoteConnection, RemoteConnector } from '../adapter.ts'
import { lenient, lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { type Page, type ParsedRows, rowsOf, type SkippedRow } from '../rows.ts'

/**
 * A connection as nested in a connector. INFERRED from the sample of the reference of /v1/tools, which does not say which
 * fields are guaranteed: only `id` is required, and credentials are never included.
 */
const connectionResponse = z.object({
  id: z.string().min(1),
  name: lenientText,
  created_at: timestamp,
})
export type ConnectionResponse = z.output<typeof connectionResponse>

/** Instead of a list of connections that is no list: it may contain any connection. */
const unreadableConnections: ParsedRows<ConnectionResponse> = {
  items: [],
  skipped: [{ id: null, group: null, problems: ['connections: invalid_type'] }],
  ids: [],
}

export const connectorResponse = z.object({
  id: z.string().min(1),
  name: z.string(),
  description: lenientText,
  logo: lenientText,
  status: lenientText,
  using_built_in_auth: lenient(z.boolean()),
  connection_hint: lenientText,
  connections: rowsOf(connectionResponse).nullish().catch(unreadableConnections),
})
export type ConnectorResponse = z.output<typeof connectorResponse>

const items = rowsOf(connectorResponse)

export const searchResponse = z.object({ items })

/** A number, in some responses as text. Unlike other paging fields it is never absent. */
const pageCount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
])

export const connectorPageResponse = z.object({ items, total_pages: cursorField(pageCount) })

/** The provider's words about the credentials, redacted, at most 500 characters; `null`: none. */
export const toHint = (text: string | null | undefined): string | null =>
  text == null ? null : redactProse(text, [])

/** `hint`: from the other API family, whose list contains hints. */
export function toConnector(response: ConnectorResponse, hint: string | undefined): RemoteConnector {
  return {
    key: response.id,
    name: response.name,
    description: response.description ?? null,
    // Usually a name to look up on a CDN whose URL is not documented.
    logoUrl: response.logo?.startsWith('https://') ? response.logo : null,
    docsUrl: null,
    categories: [],
    directions: ['TOOL'],
    // The catalogue does not contain the authorization method, except that xpander's own OAuth app may be used.
    auth: response.using_built_in_auth === true ? 'OAUTH' : 'UNKNOWN',
    linkable: response.status == null || response.status === 'ready',
    connectionHint: toHint(response.connection_hint ?? hint),
    // Without built-in OAuth, a member of the organization has to enter the credentials on the connector's page
    // (SEEN: guide on tools and connectors), which an end user of an application is not.
    credentialsOption: response.using_built_in_auth === true ? null : 'security',
    configSchema: null,
  }
}

/**
 * The API returns neither status nor health. INFERRED from the reference, which calls listed connections active: a listed
 * connection is connected.
 */
export function toConnection(response: ConnectionResponse, connectorKey: string): RemoteConnection {
  return {
    remoteId: response.id,
    direction: 'TOOL',
    connectorKey,
    name: response.name ?? null,
    status: 'ACTIVE',
    health: 'UNKNOWN',
    healthMessage: null,
    remoteGroup: null,
    endUserId: null,
    externalAccount: null,
    createdAt: parseDate(response.created_at),
  }
}

export const connectionsOf = (connector: ConnectorResponse | null): RemoteConnection[] =>
  connector?.connections?.items.map((connection) => toConnection(connection, connector.id)) ?? []

/** The connections of all connectors of a page. */
export function toConnections({ items, skipped }: Page<ConnectorResponse>): Page<RemoteConnection> {
  // The ID of an unreadable connector does not identify the connections that are nested in it.
  const unreadable = skipped.map((row): SkippedRow => ({ ...row, id: null }))
  const nested = items.flatMap(({ connections }) => connections?.skipped ?? [])
  return { items: items.flatMap(connectionsOf), skipped: [...unreadable, ...nested] }
}

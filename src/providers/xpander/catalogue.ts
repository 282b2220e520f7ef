import { z } from 'zod'
import type { RemoteConnection, RemoteConnector } from '../adapter.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { type Page, rowsOf, type SkippedRow } from '../rows.ts'

/** A connection as nested in a connector. Only `id` is guaranteed; credentials are never included. */
const connectionResponse = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  created_at: timestamp,
})
export type ConnectionResponse = z.output<typeof connectionResponse>

export const connectorResponse = z.object({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().nullish(),
  logo: z.string().nullish(),
  status: z.string().nullish(),
  using_built_in_auth: z.boolean().nullish(),
  connection_hint: z.string().nullish(),
  connections: rowsOf(connectionResponse).nullish(),
})
export type ConnectorResponse = z.output<typeof connectorResponse>

export const connectorPageResponse = z.object({ items: rowsOf(connectorResponse), total_pages: z.number() })

/** The provider's words about the credentials, at most 500 characters; `null`: none. */
export const toHint = (text: string | null | undefined): string | null =>
  text?.trim().slice(0, 500).toWellFormed() || null

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

/** The API returns neither status nor health: a listed connection is connected. */
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

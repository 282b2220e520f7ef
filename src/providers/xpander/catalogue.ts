import { z } from 'zod'
import type { RemoteConnection, RemoteConnector } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'

/** A connection as lists nest it. Only the id is sure; the credentials are never part of it. */
const connectionAnswer = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  created_at: z.string().nullish(),
})
export type ConnectionAnswer = z.output<typeof connectionAnswer>

export const connectorAnswer = z.object({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().nullish(),
  logo: z.string().nullish(),
  status: z.string().nullish(),
  using_built_in_auth: z.boolean().nullish(),
  connections: z.array(connectionAnswer).nullish(),
})
export type ConnectorAnswer = z.output<typeof connectorAnswer>

export const connectorPage = z.object({ items: z.array(connectorAnswer), total_pages: z.number() })

export function toConnector(answer: ConnectorAnswer): RemoteConnector {
  return {
    key: answer.id,
    name: answer.name,
    description: answer.description ?? null,
    // Mostly a name to look up at a CDN whose address is not documented.
    logoUrl: answer.logo?.startsWith('https://') ? answer.logo : null,
    docsUrl: null,
    categories: [],
    directions: ['TOOL'],
    // The catalogue does not say how a connector authorises, except that xpander's own OAuth app may do it.
    auth: answer.using_built_in_auth === true ? 'OAUTH' : 'UNKNOWN',
    linkable: answer.status == null || answer.status === 'ready',
    configSchema: null,
  }
}

/** There is neither state nor health: a connection that is listed is connected. */
export function toConnection(answer: ConnectionAnswer, connectorKey: string): RemoteConnection {
  return {
    remoteId: answer.id,
    direction: 'TOOL',
    connectorKey,
    name: answer.name ?? null,
    status: 'ACTIVE',
    health: 'UNKNOWN',
    healthMessage: null,
    remoteGroup: null,
    endUserId: null,
    externalAccount: null,
    createdAt: parseDate(answer.created_at),
  }
}

export const connectionsOf = (connector: ConnectorAnswer | null): RemoteConnection[] =>
  connector?.connections?.map((connection) => toConnection(connection, connector.id)) ?? []

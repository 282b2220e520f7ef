import DataLoader from 'dataloader'
import { filterAccessible } from '../connect/authorization.ts'
import { fetchConfigSchemas } from '../connect/catalogue/config-schemas.ts'
import type { Connector } from '../connect/catalogue/connector.ts'
import type { ConnectContext } from '../connect/context.ts'
import type { ConfigSchema } from '../domain/json.ts'
import type { Viewer } from '../domain/viewer.ts'
import { findApiKeys } from '../store/api-keys.ts'
import { findLinks } from '../store/connect-links.ts'
import { findOriginals } from '../store/connection-duplicates.ts'
import { findConnections } from '../store/connection-list.ts'
import { findAssignments } from '../store/connection-owner.ts'
import { findTransitions } from '../store/link-history.ts'
import type {
  ApiKeyRow,
  ConnectionAssignmentRow,
  ConnectionRow,
  ConnectLinkRow,
  LinkTransitionRow,
} from '../store/schema.ts'

/** Where a request came from, for logs and the audit. */
export interface RequestClient {
  /** Generated for each request, and sent as the header `X-Request-Id`. */
  readonly requestId: string
  /** IP address of the client. */
  readonly address: string
  readonly userAgent: string | null
}

/** The context of one request: its caller, the use cases, and loaders that batch its reads. */
export interface GraphQLContext {
  readonly viewer: Viewer
  readonly connect: ConnectContext
  /** Where the request came from. */
  readonly client: RequestClient
  /** Whether the credentials of the request are still valid. Rejects if that cannot be determined. */
  isAuthenticated(): Promise<boolean>
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal
  readonly connections: DataLoader<string, ConnectionRow | null>
  /** Ids of connections to the ids of those that they repeat. */
  readonly duplicateOriginals: DataLoader<string, string | null>
  readonly assignments: DataLoader<string, readonly ConnectionAssignmentRow[]>
  readonly links: DataLoader<string, ConnectLinkRow | null>
  readonly histories: DataLoader<string, readonly LinkTransitionRow[]>
  readonly apiKeys: DataLoader<string, ApiKeyRow | null>
  /** The config schemas of connectors. */
  readonly configSchemas: DataLoader<Connector, ConfigSchema | null>
}

export function createGraphQLContext(
  connect: ConnectContext,
  request: Pick<GraphQLContext, 'viewer' | 'client' | 'isAuthenticated' | 'signal'>,
): GraphQLContext {
  const { db, providers } = connect
  const { viewer } = request
  return {
    ...request,
    connect,
    connections: byId(async (ids) =>
      filterAccessible(viewer, await findConnections(db, providers.accountKeys, ids)),
    ),
    duplicateOriginals: new DataLoader(async (ids) => {
      const found = await findOriginals(db, ids)
      return ids.map((id) => found.get(id) ?? null)
    }),
    assignments: new DataLoader(async (ids) => {
      const rows = await findAssignments(db, ids)
      return ids.map((id) => rows.filter(({ connectionId }) => connectionId === id))
    }),
    links: byId(async (ids) => filterAccessible(viewer, await findLinks(db, ids))),
    histories: new DataLoader(async (ids) => {
      const rows = await findTransitions(db, ids)
      return ids.map((id) => rows.filter(({ linkId }) => linkId === id))
    }),
    apiKeys: byId((ids) => findApiKeys(db, ids)),
    configSchemas: new DataLoader((connectors) => fetchConfigSchemas(connect, connectors)),
  }
}

const byId = <Row extends { readonly id: string }>(
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
) =>
  new DataLoader<string, Row | null>(async (ids) => {
    const found = new Map((await find(ids)).map((row) => [row.id, row]))
    return ids.map((id) => found.get(id) ?? null)
  })

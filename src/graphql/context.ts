import DataLoader from 'dataloader'
import {
  accessKey,
  canReadConnection,
  canReadLink,
  organizationOfViewer,
  readAs,
} from '../connect/authorization.ts'
import { fetchConfigSchemas } from '../connect/catalogue/config-schemas.ts'
import type { Connector } from '../connect/catalogue/connector.ts'
import type { ConnectorView } from '../connect/catalogue/connector-view.ts'
import type { ConnectContext } from '../connect/context.ts'
import { oncePerEvent } from '../connect/util/once-per-event.ts'
import { whenAvailable } from '../connect/util/when-available.ts'
import type { ConfigSchema } from '../domain/json.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Provider } from '../providers/provider-registry.ts'
import { findApiKeys } from '../store/api-keys.ts'
import { findLinks } from '../store/connect-links.ts'
import { findOriginals } from '../store/connection-duplicates.ts'
import { findConnections } from '../store/connection-list.ts'
import { findAssignments } from '../store/connection-owner.ts'
import type { Database } from '../store/database.ts'
import { findLastHandOvers } from '../store/hand-overs.ts'
import { findTransitions } from '../store/link-history.ts'
import type {
  ApiKeyRow,
  ConnectionAssignmentRow,
  ConnectionRow,
  ConnectLinkRow,
  LinkHandOverRow,
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

/** Loads rows by ID, in batches and each once. */
interface Loader<Row> {
  load(id: string): Promise<Row>
}

/** Loaders of what callers with the same access may read. */
interface RowLoaders {
  readonly connections: Loader<ConnectionRow | null>
  /** Ids of connections to the ids of those that they repeat. */
  readonly duplicateOriginals: Loader<string | null>
  readonly assignments: Loader<readonly ConnectionAssignmentRow[]>
  readonly links: Loader<ConnectLinkRow | null>
  readonly histories: Loader<readonly LinkTransitionRow[]>
  /** Ids of links to their latest hand-overs. */
  readonly handOvers: Loader<LinkHandOverRow | null>
}

/** The context of one request: its caller, the use cases, and loaders that batch its reads. */
export interface GraphQLContext extends RowLoaders {
  readonly viewer: Viewer
  readonly connect: ConnectContext
  /** Where the request came from. */
  readonly client: RequestClient
  /** Whether the credentials of the request are still valid. Rejects if that cannot be determined. */
  isAuthenticated(): Promise<boolean>
  /** Its signal aborts when the caller disconnects, or at the deadline of the operation. */
  readonly request: { readonly signal: AbortSignal }
  readonly apiKeys: DataLoader<string, ApiKeyRow | null>
  /** The config schemas of connectors. */
  readonly configSchemas: DataLoader<Connector, ConfigSchema | null>
  /** Forgets what was loaded, and loads what subscribers of this event need once for all with the same access. */
  startEvent(event: object): void
}

export function createGraphQLContext(
  connect: ConnectContext,
  request: Pick<GraphQLContext, 'viewer' | 'client' | 'isAuthenticated' | 'request'>,
): GraphQLContext {
  const { db } = connect
  const { viewer } = request
  let loaders: RowLoaders | undefined
  // Most operations load rows of one type or of none.
  const rows = () => (loaders ??= createRowLoaders({ connect, viewer }, readerFor({ connect, viewer })))
  return {
    ...request,
    connect,
    connections: { load: (id) => rows().connections.load(id) },
    duplicateOriginals: { load: (id) => rows().duplicateOriginals.load(id) },
    assignments: { load: (id) => rows().assignments.load(id) },
    links: { load: (id) => rows().links.load(id) },
    histories: { load: (id) => rows().histories.load(id) },
    handOvers: { load: (id) => rows().handOvers.load(id) },
    apiKeys: byId((ids) => findApiKeys(db, ids)),
    configSchemas: new DataLoader((connectors) =>
      fetchConfigSchemas(connect, connectors, connect.providers.usedBy(organizationOfViewer(viewer))),
    ),
    startEvent(event) {
      loaders = rowLoadersOf({ connect, viewer }, event)
    },
  }
}

interface Reader {
  readonly connect: ConnectContext
  readonly viewer: Viewer
}

type Read = <Result>(work: (reader: Database) => Promise<Result>) => Promise<Result>

const readerFor =
  ({ connect: { db }, viewer }: Reader): Read =>
  (work) =>
    readAs(db, viewer, work)

function createRowLoaders({ connect: { providers }, viewer }: Reader, read: Read): RowLoaders {
  return {
    connections: byId(async (ids) => {
      const rows = await read((reader) => findConnections(reader, providers.accountKeys, ids))
      return rows.filter((row) => canReadConnection(viewer, row))
    }),
    duplicateOriginals: new DataLoader(async (ids) => {
      const found = await read((reader) => findOriginals(reader, ids))
      return ids.map((id) => found.get(id) ?? null)
    }),
    assignments: new DataLoader(async (ids) => {
      const rows = await read((reader) => findAssignments(reader, ids))
      return ids.map((id) => rows.filter(({ connectionId }) => connectionId === id))
    }),
    links: byId(async (ids) => {
      const rows = await read((reader) => findLinks(reader, ids))
      return rows.filter((row) => canReadLink(viewer, row))
    }),
    histories: new DataLoader(async (ids) => {
      const rows = await read((reader) => findTransitions(reader, ids))
      return ids.map((id) => rows.filter(({ linkId }) => linkId === id))
    }),
    handOvers: new DataLoader(async (ids) => {
      const found = await read((reader) => findLastHandOvers(reader, ids))
      return ids.map((id) => found.find(({ linkId }) => linkId === id) ?? null)
    }),
  }
}

const rowLoadersOf = oncePerEvent(
  (reader: Reader, _event: object) => {
    const read = readerFor(reader)
    // An event that cannot be completed now would be lost.
    return createRowLoaders(reader, (work) => whenAvailable(() => read(work), reader.connect.shutdownSignal))
  },
  ({ viewer }) => accessKey(viewer),
)

type CallerContext = Pick<GraphQLContext, 'connect' | 'viewer'>

/** The provider with the account that the caller uses. */
export const providerFor = ({ connect, viewer }: CallerContext, key: ProviderKey): Provider =>
  connect.providers.seenBy(organizationOfViewer(viewer)).find((provider) => provider.key === key) ??
  connect.providers.get(key)

/** The connectors of the accounts that the caller uses. */
export const catalogueFor = ({ connect, viewer }: CallerContext): ConnectorView =>
  connect.catalogue.of(connect.providers.usedBy(organizationOfViewer(viewer)))

const byId = <Row extends { readonly id: string }>(
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
) =>
  new DataLoader<string, Row | null>(async (ids) => {
    const found = new Map((await find(ids)).map((row) => [row.id, row]))
    return ids.map((id) => found.get(id) ?? null)
  })

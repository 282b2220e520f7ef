import type { ProviderKey } from '../../domain/provider-key.ts'
import type { ConnectionStatus, FailureCode, HealthCode, LinkStatus } from '../../domain/statuses.ts'
import type { PortalVisit } from './portal-context.ts'
import { operation, runOperation } from './run-operation.ts'

interface ApplicationOfConnection {
  readonly slug: string
  readonly name: string
  readonly logoUrl: string | null
}

export interface PortalConnection {
  readonly id: string
  readonly name: string | null
  readonly status: ConnectionStatus
  readonly connectorKey: string
  readonly owner: 'PERSON' | 'ORGANIZATION'
  readonly createdAt: string
  readonly health: { readonly code: HealthCode; readonly message: string | null }
  readonly externalAccount: { readonly name: string | null; readonly email: string | null } | null
  readonly provider: {
    readonly key: ProviderKey
    readonly name: string
    readonly capabilities: { readonly reconnect: boolean; readonly disconnect: boolean }
  }
  readonly connector: {
    readonly name: string
    readonly application: ApplicationOfConnection
  } | null
}

export interface PortalLink {
  readonly id: string
  readonly status: LinkStatus
  readonly purpose: 'CONNECT' | 'RECONNECT'
  readonly url: string | null
  readonly connectorKey: string
  readonly createdAt: string
  /** Held back until the application confirms it. */
  readonly awaitingConfirmation: boolean
  /** `null`: no attempt has failed. */
  readonly lastFailure: { readonly code: FailureCode } | null
  readonly provider: { readonly name: string }
  readonly connector: PortalConnection['connector']
}

const connectionFields = `
  id name status connectorKey owner createdAt
  health { code message }
  externalAccount { name email }
  provider { key name capabilities { reconnect disconnect } }
  connector { name application { slug name logoUrl } }`

const linkFields = `
  id status purpose url connectorKey createdAt
  awaitingConfirmation
  lastFailure { code }
  provider { name }
  connector { name application { slug name logoUrl } }`

/** All but those that were removed. */
const shownStatuses: readonly ConnectionStatus[] = [
  'PENDING',
  'ACTIVE',
  'NEEDS_ATTENTION',
  'PAUSED',
  'UNKNOWN',
]
const openStatuses: readonly LinkStatus[] = ['CREATED', 'OPENED', 'AUTHORIZING']

const pageSize = 20

interface PageInfo {
  readonly hasNextPage: boolean
  readonly endCursor: string | null
}

const listOperation = operation<
  {
    readonly connections: { readonly pageInfo: PageInfo; readonly nodes: readonly PortalConnection[] }
    readonly connectLinks: { readonly nodes: readonly PortalLink[] }
  },
  {
    readonly first: number
    readonly after: string | null
    readonly statuses: readonly ConnectionStatus[]
    readonly openStatuses: readonly LinkStatus[]
  }
>(`query PortalConnections($first: Int, $after: String, $statuses: [ConnectionStatus!], $openStatuses: [LinkStatus!]) {
  connections(filter: { statuses: $statuses }, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {${connectionFields}}
  }
  connectLinks(filter: { statuses: $openStatuses }, first: 20) { nodes {${linkFields}} }
}`)

export interface ConnectionPage {
  readonly connections: readonly PortalConnection[]
  /** Links of the end user that have not ended. */
  readonly openLinks: readonly PortalLink[]
  readonly nextCursor: string | null
}

export async function listConnections(visit: PortalVisit, after: string | null): Promise<ConnectionPage> {
  const { connections, connectLinks } = await runOperation(visit, listOperation, {
    first: pageSize,
    after,
    statuses: shownStatuses,
    openStatuses,
  })
  const { hasNextPage, endCursor } = connections.pageInfo
  return {
    connections: connections.nodes,
    openLinks: connectLinks.nodes,
    nextCursor: hasNextPage ? endCursor : null,
  }
}

const findOperation = operation<
  { readonly node: PortalConnection | { readonly id?: undefined } | null },
  { readonly id: string }
>(`query PortalConnection($id: ID!) {
  node(id: $id) { ... on Connection {${connectionFields}} }
}`)

/** The connection with that ID; `null`: the session has none, or it was removed. */
export async function findConnection(visit: PortalVisit, id: string): Promise<PortalConnection | null> {
  const { node } = await runOperation(visit, findOperation, { id })
  return node?.id === undefined || node.status === 'DISCONNECTED' ? null : node
}

/** Far more than an end user has. */
const maxConnections = 100

const ownOperation = operation<
  { readonly connections: { readonly nodes: readonly PortalConnection[] } },
  { readonly first: number; readonly statuses: readonly ConnectionStatus[] }
>(`query PortalConnectionsOf($first: Int, $statuses: [ConnectionStatus!]) {
  connections(filter: { statuses: $statuses }, first: $first) { nodes {${connectionFields}} }
}`)

/** The end user's own connections of an application, newest first; empty if the session may not read them. */
export async function connectionsOf(visit: PortalVisit, slug: string): Promise<readonly PortalConnection[]> {
  if (!visit.rights.read) return []
  const statuses = shownStatuses.filter((status) => status !== 'PENDING')
  const { connections } = await runOperation(visit, ownOperation, { first: maxConnections, statuses })
  return connections.nodes.filter(
    ({ owner, connector }) => owner === 'PERSON' && connector?.application.slug === slug,
  )
}

/** A connection of the session that was removed; `null`: it has no such one. */
export async function findRemoved(visit: PortalVisit, id: string): Promise<PortalConnection | null> {
  const { node } = await runOperation(visit, findOperation, { id })
  return node?.id !== undefined && node.status === 'DISCONNECTED' ? node : null
}

const linkOperation = operation<{ readonly connectLink: PortalLink | null }, { readonly id: string }>(
  `query PortalLink($id: ID!) { connectLink(id: $id) {${linkFields}} }`,
)

/** The link with that ID, read from its provider if it is open; `null`: the session has none. */
export const findLink = async (visit: PortalVisit, id: string): Promise<PortalLink | null> =>
  (await runOperation(visit, linkOperation, { id })).connectLink

const recentOperation = operation<
  {
    readonly connections: { readonly nodes: readonly Pick<PortalConnection, 'connector'>[] }
    readonly connectLinks: { readonly nodes: readonly Pick<PortalLink, 'connector'>[] }
  },
  { readonly statuses: readonly ConnectionStatus[] }
>(`query PortalRecent($statuses: [ConnectionStatus!]) {
  connections(filter: { statuses: $statuses }, first: 10) { nodes { connector { name application { slug name logoUrl } } } }
  connectLinks(first: 10) { nodes { connector { name application { slug name logoUrl } } } }
}`)

const maxRecent = 6

/** Applications that the end user has connected or tried to connect, latest first. */
export async function findRecent(visit: PortalVisit): Promise<readonly ApplicationOfConnection[]> {
  const { connections, connectLinks } = await runOperation(visit, recentOperation, {
    statuses: shownStatuses,
  })
  const recent = new Map<string, ApplicationOfConnection>()
  for (const { connector } of [...connectLinks.nodes, ...connections.nodes])
    if (connector !== null && !recent.has(connector.application.slug))
      recent.set(connector.application.slug, connector.application)
  return [...recent.values()].slice(0, maxRecent)
}

/** For the test that compares them with the schema. */
export const portalOperations = [listOperation, findOperation, ownOperation, linkOperation, recentOperation]

import { z } from 'zod'
import type { Direction } from '../../domain/statuses.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type {
  AdapterLink,
  LinkProgress,
  ProviderAdapter,
  RemoteConnector,
  RemoteReference,
} from '../adapter.ts'
import { connectionDeleted, linkDeleted } from '../link-failure.ts'
import { parseDate } from '../parse-date.ts'
import { mapPage, type SkippedRow } from '../rows.ts'
import { connectionResponse, type TestedConnection, toConnection } from './connection.ts'
import { connectorResponse, mergeConnectors, toConnector } from './connector.ts'
import {
  type CensusDeps,
  connectionMissing,
  connectorMissing,
  hasReturnUrl,
  type LinkOptions,
  linkResponse,
  readLink,
  revokeLink,
  toRemoteLink,
  toReturnUrlState,
  unusedLinkProgress,
} from './link.ts'
import { list } from './list.ts'
import { createReconnectLink, reconnectProgress, reconnectState, toReconnectState } from './reconnect.ts'
import { useReference } from './use.ts'

const directions = ['DESTINATION', 'SOURCE'] as const

/** Destinations and sources have the same calls under separate paths. Their IDs are numbered separately. */
const endpoints = {
  DESTINATION: {
    links: '/api/v1/destination_connect_links',
    connections: '/api/v1/destinations',
    types: '/api/v1/connectors',
  },
  SOURCE: {
    links: '/api/v1/source_connect_links',
    connections: '/api/v1/sources',
    types: '/api/v1/source_types',
  },
} as const

const endpointsOf = (direction: Direction) => endpoints[direction === 'SOURCE' ? 'SOURCE' : 'DESTINATION']

/** The workspace API. The tenant is the workspace that the API key belongs to. */
export function createV1(deps: CensusDeps): ProviderAdapter<LinkOptions> {
  const { http } = deps
  return {
    async createLink({ connectorKey, direction, redirectUri, options }, call) {
      const { data } = await http.send(
        {
          method: 'POST',
          path: endpointsOf(direction).links,
          body: { type: connectorKey, redirect_uri: redirectUri },
          publicFields: ['type'],
          responseSchema: linkResponse,
          purpose: `make a connect link for "${connectorKey}"`,
          onNotFound: connectorMissing(connectorKey),
        },
        call,
      )
      const message = 'Version 1 of the Census API has no groups.'
      const ignoredOptions = options.groupId == null ? [] : [{ path: ['census', 'groupId'], message }]
      return toRemoteLink(data, deps, {
        remoteGroup: null,
        providerState: toReturnUrlState(redirectUri),
        ignoredOptions,
      })
    },

    async createReconnectLink(reference, { redirectUri }, call) {
      const { remoteId } = reference
      const current = await readConnection(http, reference, call)
      if (current === null) throw connectionMissing(remoteId)
      const linkRequest = { path: `${connectionPath(reference)}/connect_links`, remoteId, redirectUri }
      const data = await createReconnectLink(http, linkRequest, call)
      return toRemoteLink(data, deps, {
        remoteGroup: null,
        providerState: toReconnectState(current),
        ignoredOptions: [],
      })
    },

    checkLink: (link, call) =>
      link.purpose === 'RECONNECT' ? checkReconnect(deps, link, call) : checkConnect(deps, link, call),

    recognizesLink: (link, _listed, call) => hasReturnUrl(http, { ...link, ...linkLocation(link) }, call),
    revokeLink: (link, call) => revokeLink(http, linkLocation(link), call),

    async getConnection(reference, call) {
      return (await readConnection(http, reference, call))?.connection ?? null
    },

    listConnections: (_groups, call) => listConnections(deps, call),
    listConnectors: (call) => listConnectors(deps, call),
    useConnection: (reference) =>
      useReference(deps.baseUrl, {
        name: reference.direction === 'SOURCE' ? 'source_id' : 'destination_id',
        path: connectionPath(reference),
        remoteId: reference.remoteId,
      }),
    disconnect: (reference, call) => deleteConnection(http, reference, call),
  }
}

const linkLocation = ({ direction, remoteLinkId }: AdapterLink) => ({
  links: endpointsOf(direction).links,
  remoteLinkId,
})

async function checkConnect(
  { http }: CensusDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const remoteLink = await readLink(http, linkLocation(link), call)
  if (remoteLink === null) return linkDeleted
  const createdId = link.direction === 'SOURCE' ? remoteLink.source_id : remoteLink.destination_id
  // Check for completion first: a link that created its connection in time may have expired since.
  if (createdId == null) return unusedLinkProgress(remoteLink)
  const created = await readConnection(http, { ...link, remoteId: createdId }, call)
  return created ? { kind: 'completed', connection: created.connection } : connectionDeleted
}

/** A reconnect link has the connection's ID from the start: the ID is no evidence of completion. */
async function checkReconnect(
  { http }: CensusDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const providerState = reconnectState.parse(link.providerState)
  const current = await readConnection(http, { ...link, remoteId: providerState.remoteId }, call)
  const progress = reconnectProgress(providerState, current)
  if (progress) return progress
  const remoteLink = await readLink(http, linkLocation(link), call)
  return remoteLink ? unusedLinkProgress(remoteLink) : linkDeleted
}

const connectionPath = ({ direction, remoteId }: RemoteReference) =>
  endpointsOf(direction).connections + path`/${remoteId}`

async function readConnection(
  http: HttpClient,
  reference: RemoteReference,
  call: RequestContext,
): Promise<TestedConnection | null> {
  const request = {
    method: 'GET',
    path: connectionPath(reference),
    responseSchema: z.object({ data: connectionResponse }),
    purpose: 'read a connection',
  } as const
  const response = await http.find(request, call)
  if (response === null) return null
  const connection = toConnection(response.data, reference.direction, reference.connectorKey)
  return { connection, testedAt: parseDate(response.data.last_tested_at) }
}

async function deleteConnection(http: HttpClient, reference: RemoteReference, call: RequestContext) {
  const request = {
    method: 'DELETE',
    path: connectionPath(reference),
    responseSchema: z.object({ status: z.string() }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

async function* listConnections(deps: CensusDeps, call: RequestContext) {
  for (const direction of directions) {
    const listing = {
      path: endpointsOf(direction).connections,
      item: connectionResponse,
      purpose: 'list connections',
    }
    for await (const page of list(deps, listing, call)) {
      yield mapPage(page, (item) => toConnection(item, direction))
    }
  }
}

async function* listConnectors(deps: CensusDeps, call: RequestContext) {
  const all: RemoteConnector[] = []
  const skipped: SkippedRow[] = []
  for (const direction of directions) {
    const listing = {
      path: endpointsOf(direction).types,
      item: connectorResponse,
      purpose: 'list connectors',
      keys: { id: 'service_name' },
      // Some workspaces have no destination types at all and return 404.
      mayBeAbsent: direction === 'DESTINATION',
    }
    for await (const page of list(deps, listing, call)) {
      all.push(...page.items.map((item) => toConnector(item, direction)))
      skipped.push(...page.skipped)
    }
  }
  yield { items: mergeConnectors(all), skipped }
}

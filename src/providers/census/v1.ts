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
import { parseDate } from '../parse-date.ts'
import { connectionAnswer, type TestedConnection, toConnection } from './connection.ts'
import { connectorAnswer, mergeConnectors, toConnector } from './connector.ts'
import {
  type CensusDeps,
  connectionMissing,
  connectorMissing,
  type LinkOptions,
  linkAnswer,
  linkGone,
  readLink,
  revokeLink,
  toOpenedLink,
  unfinished,
} from './link.ts'
import { list } from './list.ts'
import { progressOf, reconnectState, requestReconnectLink, toReconnectState } from './reconnect.ts'

const directions = ['DESTINATION', 'SOURCE'] as const

/** Destinations and sources are two worlds with the same calls; ids are counted separately. */
const places = {
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

const placeOf = (direction: Direction) => places[direction === 'SOURCE' ? 'SOURCE' : 'DESTINATION']

/** The workspace API, the tenant being the key's workspace. */
export function createV1(deps: CensusDeps): ProviderAdapter<LinkOptions> {
  const { http } = deps
  return {
    async createLink({ connectorKey, direction, redirectUri, options }, call) {
      const { data } = await http.send(
        {
          method: 'POST',
          path: placeOf(direction).links,
          body: { type: connectorKey, redirect_uri: redirectUri },
          responseSchema: linkAnswer,
          purpose: `make a connect link for "${connectorKey}"`,
          onNotFound: connectorMissing(connectorKey),
        },
        call,
      )
      const message = 'Version 1 of the Census API knows no groups.'
      const ignoredOptions = options.groupId == null ? [] : [{ path: ['census', 'groupId'], message }]
      return toOpenedLink(data, deps, { remoteGroup: null, providerState: null, ignoredOptions })
    },

    async createReconnectLink(reference, { redirectUri }, call) {
      const { remoteId } = reference
      const present = await readConnection(http, reference, call)
      if (present === null) throw connectionMissing(remoteId)
      const wanted = { path: `${connectionPath(reference)}/connect_links`, remoteId, redirectUri }
      const data = await requestReconnectLink(http, wanted, call)
      return toOpenedLink(data, deps, {
        remoteGroup: null,
        providerState: toReconnectState(present),
        ignoredOptions: [],
      })
    },

    checkLink: (link, call) =>
      link.purpose === 'RECONNECT' ? checkReconnect(deps, link, call) : checkConnect(deps, link, call),

    revokeLink: (link, call) => revokeLink(http, linkPlace(link), call),

    async getConnection(reference, call) {
      return (await readConnection(http, reference, call))?.connection ?? null
    },

    listConnections: (_groups, call) => listConnections(http, call),
    listConnectors: (call) => listConnectors(http, call),
    disconnect: (reference, call) => removeConnection(http, reference, call),
  }
}

const linkPlace = ({ direction, remoteLinkId }: AdapterLink) => ({
  links: placeOf(direction).links,
  remoteLinkId,
})

async function checkConnect(
  { http, now }: CensusDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const found = await readLink(http, linkPlace(link), call)
  if (found === null) return linkGone
  const madeId = link.direction === 'SOURCE' ? found.source_id : found.destination_id
  // Completion first: a link that made its connection in time may have expired since.
  if (madeId == null) return unfinished(found, now())
  const made = await readConnection(http, { ...link, remoteId: madeId }, call)
  return made
    ? { kind: 'completed', connection: made.connection }
    : { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
}

/** The id of the connection is part of such a link from the start: it says nothing. */
async function checkReconnect(
  { http, now }: CensusDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const providerState = reconnectState.parse(link.providerState)
  const found = await readConnection(http, { ...link, remoteId: providerState.remoteId }, call)
  const progress = progressOf(providerState, found)
  if (progress) return progress
  const state = await readLink(http, linkPlace(link), call)
  return state ? unfinished(state, now()) : linkGone
}

const connectionPath = ({ direction, remoteId }: RemoteReference) =>
  placeOf(direction).connections + path`/${remoteId}`

async function readConnection(
  http: HttpClient,
  reference: RemoteReference,
  call: RequestContext,
): Promise<TestedConnection | null> {
  const request = {
    method: 'GET',
    path: connectionPath(reference),
    responseSchema: z.object({ data: connectionAnswer }),
    purpose: 'read a connection',
  } as const
  const found = await http.find(request, call)
  if (found === null) return null
  const connection = toConnection(found.data, reference.direction, reference.connectorKey)
  return { connection, testedAt: parseDate(found.data.last_tested_at) }
}

async function removeConnection(http: HttpClient, reference: RemoteReference, call: RequestContext) {
  const request = {
    method: 'DELETE',
    path: connectionPath(reference),
    responseSchema: z.object({ status: z.string() }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

async function* listConnections(http: HttpClient, call: RequestContext) {
  for (const direction of directions) {
    const listing = {
      path: placeOf(direction).connections,
      item: connectionAnswer,
      purpose: 'list connections',
    }
    for await (const items of list(http, listing, call)) {
      yield items.map((item) => toConnection(item, direction))
    }
  }
}

async function* listConnectors(http: HttpClient, call: RequestContext) {
  const all: RemoteConnector[] = []
  for (const direction of directions) {
    const listing = {
      path: placeOf(direction).types,
      item: connectorAnswer,
      purpose: 'list connectors',
      // Some workspaces have no destination types at all and answer 404.
      mayBeAbsent: direction === 'DESTINATION',
    }
    for await (const items of list(http, listing, call)) {
      all.push(...items.map((item) => toConnector(item, direction)))
    }
  }
  yield mergeConnectors(all)
}

import { z } from 'zod'
import { type Call, type HttpClient, path } from '../../http/client.ts'
import type {
  Direction,
  LinkProgress,
  OpenLink,
  ProviderAdapter,
  RemoteConnection,
  RemoteConnector,
  RemoteReference,
} from '../provider.ts'
import { connectionAnswer, toConnection } from './connection.ts'
import { connectorAnswer, mergeConnectors, toConnector } from './connector.ts'
import {
  connectorMissing,
  type LinkOptions,
  linkAnswer,
  linkGone,
  type Tools,
  toOpenedLink,
  unfinished,
} from './link.ts'
import { list } from './list.ts'

const directions = ['DESTINATION', 'SOURCE'] as const

/** Destinations and sources are two worlds with the same calls; ids are counted separately. */
const places = {
  DESTINATION: { links: 'destination_connect_links', connections: 'destinations', types: 'connectors' },
  SOURCE: { links: 'source_connect_links', connections: 'sources', types: 'source_types' },
} as const

const placeOf = (direction: Direction) => places[direction === 'SOURCE' ? 'SOURCE' : 'DESTINATION']

/** The workspace API, the tenant being the key's workspace. */
export function createV1(tools: Tools): ProviderAdapter<LinkOptions> {
  const { http, now } = tools
  return {
    async createLink({ connectorKey, direction, redirectUri, options }, call) {
      const { data } = await http.send(
        {
          method: 'POST',
          path: path`/api/v1/${placeOf(direction).links}`,
          body: { type: connectorKey, redirect_uri: redirectUri },
          answer: linkAnswer,
          purpose: `make a connect link for "${connectorKey}"`,
          missing: connectorMissing(connectorKey),
        },
        call,
      )
      const message = 'Version 1 of the Census API knows no groups.'
      const ignored = options.groupId == null ? [] : [{ path: ['census', 'groupId'], message }]
      return toOpenedLink(data, tools, { remoteGroup: null, memo: null, ignored })
    },

    async checkLink(link, call) {
      const found = await readLink(http, link, call)
      if (found === null) return linkGone
      const madeId = link.direction === 'SOURCE' ? found.source_id : found.destination_id
      // Completion first: a link that made its connection in time may have expired since.
      if (madeId == null) return unfinished(found, now())
      return progressOf(await readConnection(http, { ...link, remoteId: madeId }, call))
    },

    getConnection: (reference, call) => readConnection(http, reference, call),
    listConnections: (_groups, call) => listConnections(http, call),
    listConnectors: (call) => listConnectors(http, call),
    disconnect: (reference, call) => removeConnection(http, reference, call),
  }
}

async function readLink(http: HttpClient, { remoteLinkId, direction }: OpenLink, call: Call) {
  if (remoteLinkId === null) return null
  const request = {
    method: 'GET',
    path: path`/api/v1/${placeOf(direction).links}/${remoteLinkId}`,
    answer: linkAnswer,
    purpose: 'read a connect link',
  } as const
  return (await http.find(request, call))?.data ?? null
}

const progressOf = (connection: RemoteConnection | null): LinkProgress =>
  connection
    ? { kind: 'completed', connection }
    : { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }

const connectionPath = ({ direction, remoteId }: RemoteReference) =>
  path`/api/v1/${placeOf(direction).connections}/${remoteId}`

async function readConnection(http: HttpClient, reference: RemoteReference, call: Call) {
  const request = {
    method: 'GET',
    path: connectionPath(reference),
    answer: z.object({ data: connectionAnswer }),
    purpose: 'read a connection',
  } as const
  const found = await http.find(request, call)
  return found && toConnection(found.data, reference.direction, reference.connectorKey)
}

async function removeConnection(http: HttpClient, reference: RemoteReference, call: Call) {
  const request = {
    method: 'DELETE',
    path: connectionPath(reference),
    answer: z.object({ status: z.string() }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

async function* listConnections(http: HttpClient, call: Call) {
  for (const direction of directions) {
    const listing = {
      path: path`/api/v1/${placeOf(direction).connections}`,
      item: connectionAnswer,
      purpose: 'list connections',
    }
    for await (const items of list(http, listing, call)) {
      yield items.map((item) => toConnection(item, direction))
    }
  }
}

async function* listConnectors(http: HttpClient, call: Call) {
  const all: RemoteConnector[] = []
  for (const direction of directions) {
    const listing = {
      path: path`/api/v1/${placeOf(direction).types}`,
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

import { z } from 'zod'
import { UnsupportedError } from '../../errors.ts'
import { type Call, type HttpClient, path } from '../../http/client.ts'
import type { OpenLink, ProviderAdapter, RemoteConnection } from '../provider.ts'
import { activationAnswer } from './connection.ts'
import { connectorAnswer, toConnector } from './connector.ts'
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

/** The activations that were there before the link. */
const memoAnswer = z.object({ baseline: z.array(z.string()) })

/** The successor API: destinations are called activations, the tenant is a group, and sources have no links. */
export function createV2(tools: Tools, standardGroup: string): ProviderAdapter<LinkOptions> {
  const { http, now } = tools
  return {
    async createLink({ connectorKey, direction, redirectUri, options }, call) {
      if (direction !== 'DESTINATION') {
        throw new UnsupportedError(
          'CENSUS',
          'Version 2 of the Census API makes links for destinations only: see CENSUS_API_VERSION.',
        )
      }
      const group = options.groupId ?? standardGroup
      // A link does not say what it made, so what is there already has to be known.
      const before = await activationsOf(http, { group, connectorKey }, call)
      const { data } = await http.send(
        {
          method: 'POST',
          path: '/api/v2/activation_connect_links',
          body: { type: connectorKey, group_id: group, redirect_uri: redirectUri },
          answer: linkAnswer,
          purpose: `make a connect link for "${connectorKey}"`,
          missing: connectorMissing(connectorKey),
        },
        call,
      )
      const memo = { baseline: before.map(({ remoteId }) => remoteId) }
      return toOpenedLink(data, tools, { remoteGroup: group, memo, ignored: [] })
    },

    async checkLink(link, call) {
      const { baseline } = memoAnswer.parse(link.memo)
      const found = await readLink(http, link, call)
      const place = { group: link.remoteGroup ?? standardGroup, connectorKey: link.connectorKey }
      const present = await activationsOf(http, place, call)
      const connections = present.filter(({ remoteId }) => !baseline.includes(remoteId))
      if (connections.length > 0) return { kind: 'candidates', connections }
      return found ? unfinished(found, now()) : linkGone
    },

    getConnection: ({ remoteId }, call) => readActivation(http, remoteId, call),
    listConnections: (groups, call) => listActivations(http, new Set([standardGroup, ...groups]), call),
    listConnectors: (call) => listConnectors(http, call),
    disconnect: ({ remoteId }, call) => removeActivation(http, remoteId, call),
  }
}

async function readLink(http: HttpClient, { remoteLinkId }: OpenLink, call: Call) {
  if (remoteLinkId === null) return null
  const request = {
    method: 'GET',
    path: path`/api/v2/activation_connect_links/${remoteLinkId}`,
    answer: linkAnswer,
    purpose: 'read a connect link',
  } as const
  return (await http.find(request, call))?.data ?? null
}

async function readActivation(http: HttpClient, id: string, call: Call) {
  const request = {
    method: 'GET',
    path: path`/api/v2/activations/${id}`,
    answer: z.object({ data: activationAnswer }),
    purpose: 'read a connection',
  } as const
  return (await http.find(request, call))?.data ?? null
}

async function removeActivation(http: HttpClient, id: string, call: Call) {
  const request = {
    method: 'DELETE',
    path: path`/api/v2/activations/${id}`,
    answer: z.object({ status: z.string() }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

// The list takes no filter: it shows every group that the token's user may see.
async function* listActivations(http: HttpClient, groups: ReadonlySet<string>, call: Call) {
  const listing = { path: '/api/v2/activations', item: activationAnswer, purpose: 'list connections' }
  for await (const items of list(http, listing, call)) {
    yield items.filter(({ remoteGroup }) => remoteGroup !== null && groups.has(remoteGroup))
  }
}

/** Each once: rows that shift while pages are read appear twice, and one activation must not look like two. */
async function activationsOf(
  http: HttpClient,
  { group, connectorKey }: { readonly group: string; readonly connectorKey: string },
  call: Call,
): Promise<RemoteConnection[]> {
  const found = new Map<string, RemoteConnection>()
  for await (const items of listActivations(http, new Set([group]), call)) {
    for (const item of items) if (item.connectorKey === connectorKey) found.set(item.remoteId, item)
  }
  return [...found.values()]
}

async function* listConnectors(http: HttpClient, call: Call) {
  const listing = { path: '/api/v2/activation_types', item: connectorAnswer, purpose: 'list connectors' }
  for await (const items of list(http, listing, call)) {
    yield items.map((item) => toConnector(item, 'DESTINATION'))
  }
}

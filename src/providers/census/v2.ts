import { z } from 'zod'
import { UnsupportedError } from '../../domain/errors.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress, ProviderAdapter, RemoteConnection } from '../adapter.ts'
import { activationAnswer } from './connection.ts'
import { connectorAnswer, toConnector } from './connector.ts'
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

const links = '/api/v2/activation_connect_links'

/** The activations that were there before the link. */
const memoAnswer = z.object({ baseline: z.array(z.string()) })

/** The successor API: destinations are called activations, the tenant is a group, and sources have no links. */
export function createV2(deps: CensusDeps, standardGroup: string): ProviderAdapter<LinkOptions> {
  const { http } = deps
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
          path: links,
          body: { type: connectorKey, group_id: group, redirect_uri: redirectUri },
          responseSchema: linkAnswer,
          purpose: `make a connect link for "${connectorKey}"`,
          onNotFound: connectorMissing(connectorKey),
        },
        call,
      )
      const providerState = { baseline: before.map(({ remoteId }) => remoteId) }
      return toOpenedLink(data, deps, { remoteGroup: group, providerState, ignoredOptions: [] })
    },

    async createReconnectLink({ remoteId }, { redirectUri }, call) {
      const present = await readActivation(http, remoteId, call)
      if (present === null) throw connectionMissing(remoteId)
      const place = path`/api/v2/activations/${remoteId}/activation_connect_links`
      const data = await requestReconnectLink(http, { path: place, remoteId, redirectUri }, call)
      const { remoteGroup } = present.connection
      return toOpenedLink(data, deps, {
        remoteGroup,
        providerState: toReconnectState(present),
        ignoredOptions: [],
      })
    },

    checkLink: (link, call) =>
      link.purpose === 'RECONNECT'
        ? checkReconnect(deps, link, call)
        : checkConnect(deps, { ...link, remoteGroup: link.remoteGroup ?? standardGroup }, call),

    revokeLink: ({ remoteLinkId }, call) => revokeLink(http, { links, remoteLinkId }, call),

    async getConnection({ remoteId }, call) {
      return (await readActivation(http, remoteId, call))?.connection ?? null
    },

    listConnections: (groups, call) => listActivations(http, new Set([standardGroup, ...groups]), call),
    listConnectors: (call) => listConnectors(http, call),
    disconnect: ({ remoteId }, call) => removeActivation(http, remoteId, call),
  }
}

async function checkConnect(
  { http, now }: CensusDeps,
  link: AdapterLink & { readonly remoteGroup: string },
  call: RequestContext,
): Promise<LinkProgress> {
  const { baseline } = memoAnswer.parse(link.providerState)
  const found = await readLink(http, { links, remoteLinkId: link.remoteLinkId }, call)
  const place = { group: link.remoteGroup, connectorKey: link.connectorKey }
  const present = await activationsOf(http, place, call)
  const connections = present.filter(({ remoteId }) => !baseline.includes(remoteId))
  if (connections.length > 0) return { kind: 'candidates', connections }
  return found ? unfinished(found, now()) : linkGone
}

async function checkReconnect(
  { http, now }: CensusDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const providerState = reconnectState.parse(link.providerState)
  const progress = progressOf(providerState, await readActivation(http, providerState.remoteId, call))
  if (progress) return progress
  const state = await readLink(http, { links, remoteLinkId: link.remoteLinkId }, call)
  return state ? unfinished(state, now()) : linkGone
}

async function readActivation(http: HttpClient, id: string, call: RequestContext) {
  const request = {
    method: 'GET',
    path: path`/api/v2/activations/${id}`,
    responseSchema: z.object({ data: activationAnswer }),
    purpose: 'read a connection',
  } as const
  return (await http.find(request, call))?.data ?? null
}

async function removeActivation(http: HttpClient, id: string, call: RequestContext) {
  const request = {
    method: 'DELETE',
    path: path`/api/v2/activations/${id}`,
    responseSchema: z.object({ status: z.string() }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

// The list takes no filter: it shows every group that the token's user may see.
async function* listActivations(http: HttpClient, groups: ReadonlySet<string>, call: RequestContext) {
  const listing = { path: '/api/v2/activations', item: activationAnswer, purpose: 'list connections' }
  for await (const items of list(http, listing, call)) {
    yield items
      .map(({ connection }) => connection)
      .filter(({ remoteGroup }) => remoteGroup !== null && groups.has(remoteGroup))
  }
}

/** Each once: rows that shift while pages are read appear twice, and one activation must not look like two. */
async function activationsOf(
  http: HttpClient,
  { group, connectorKey }: { readonly group: string; readonly connectorKey: string },
  call: RequestContext,
): Promise<RemoteConnection[]> {
  const found = new Map<string, RemoteConnection>()
  for await (const items of listActivations(http, new Set([group]), call)) {
    for (const item of items) if (item.connectorKey === connectorKey) found.set(item.remoteId, item)
  }
  return [...found.values()]
}

async function* listConnectors(http: HttpClient, call: RequestContext) {
  const listing = { path: '/api/v2/activation_types', item: connectorAnswer, purpose: 'list connectors' }
  for await (const items of list(http, listing, call)) {
    yield items.map((item) => toConnector(item, 'DESTINATION'))
  }
}

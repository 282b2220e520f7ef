import { z } from 'zod'
import { UnsupportedError } from '../../domain/errors.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress, ProviderAdapter, RemoteConnection } from '../adapter.ts'
import { linkDeleted } from '../link-failure.ts'
import type { ReadKind } from '../paginate.ts'
import { idsOf, mapPage, type Page, type SkippedRow } from '../rows.ts'
import { activationResponse, activationRow } from './connection.ts'
import { connectorResponse, toConnector } from './connector.ts'
import {
  type CensusDeps,
  connectionMissing,
  connectorMissing,
  type LinkOptions,
  linkResponse,
  readLink,
  revokeLink,
  toRemoteLink,
  unusedLinkProgress,
} from './link.ts'
import { list } from './list.ts'
import { createReconnectLink, reconnectProgress, reconnectState, toReconnectState } from './reconnect.ts'
import { useReference } from './use.ts'

const links = '/api/v2/activation_connect_links'

/** The `providerState` of a connect link: the activations that existed before it. */
const connectState = z.object({ baseline: z.array(z.string()) })

/**
 * The successor API: destinations are called activations, the tenant is a group, and there are no links for
 * sources.
 */
export function createV2(deps: CensusDeps, defaultGroup: string): ProviderAdapter<LinkOptions> {
  const { http } = deps
  return {
    async createLink({ connectorKey, direction, redirectUri, options }, call) {
      if (direction !== 'DESTINATION') {
        throw new UnsupportedError(
          'CENSUS',
          'Version 2 of the Census API creates links for destinations only: see CENSUS_API_VERSION.',
        )
      }
      const group = options.groupId ?? defaultGroup
      // INFERRED: the documented responses for a link contain no connection, so that new ones are found by comparison
      // with this baseline.
      const before = await listActivationsOfType(deps, { group, connectorKey }, call)
      const { data } = await http.send(
        {
          method: 'POST',
          path: links,
          body: { type: connectorKey, group_id: group, redirect_uri: redirectUri },
          publicFields: ['type', 'group_id'],
          responseSchema: linkResponse,
          purpose: `make a connect link for "${connectorKey}"`,
          onNotFound: connectorMissing(connectorKey),
        },
        call,
      )
      const providerState: z.output<typeof connectState> = { baseline: idsOf(before) }
      return toRemoteLink(data, deps, { remoteGroup: group, providerState, ignoredOptions: [] })
    },

    async createReconnectLink({ remoteId }, { redirectUri }, call) {
      const current = await readActivation(http, remoteId, call)
      if (current === null) throw connectionMissing(remoteId)
      const linksPath = path`/api/v2/activations/${remoteId}/activation_connect_links`
      const data = await createReconnectLink(http, { path: linksPath, remoteId, redirectUri }, call)
      const { remoteGroup } = current.connection
      return toRemoteLink(data, deps, {
        remoteGroup,
        providerState: toReconnectState(current),
        ignoredOptions: [],
      })
    },

    checkLink: (link, call) =>
      link.purpose === 'RECONNECT'
        ? checkReconnect(deps, link, call)
        : checkConnect(deps, { ...link, remoteGroup: link.remoteGroup ?? defaultGroup }, call),

    revokeLink: ({ remoteLinkId }, call) => revokeLink(http, { links, remoteLinkId }, call),

    async getConnection({ remoteId }, call) {
      return (await readActivation(http, remoteId, call))?.connection ?? null
    },

    listConnections: (groups, call) =>
      listActivations(deps, { kind: 'SYNC', groups: new Set([defaultGroup, ...groups]) }, call),
    listConnectors: (call) => listConnectors(deps, call),
    useConnection: ({ remoteId }) =>
      useReference(deps.baseUrl, { name: 'activation_id', path: activationPath(remoteId), remoteId }),
    disconnect: ({ remoteId }, call) => removeActivation(http, remoteId, call),
  }
}

async function checkConnect(
  deps: CensusDeps,
  link: AdapterLink & { readonly remoteGroup: string },
  call: RequestContext,
): Promise<LinkProgress> {
  const { baseline } = connectState.parse(link.providerState)
  const remoteLink = await readLink(deps.http, { links, remoteLinkId: link.remoteLinkId }, call)
  const filter = { group: link.remoteGroup, connectorKey: link.connectorKey }
  const current = await listActivationsOfType(deps, filter, call)
  const connections = current.items.filter(({ remoteId }) => !baseline.includes(remoteId))
  if (connections.length > 0) return { kind: 'candidates', connections }
  return remoteLink ? unusedLinkProgress(remoteLink) : linkDeleted
}

async function checkReconnect(
  { http }: CensusDeps,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const providerState = reconnectState.parse(link.providerState)
  const progress = reconnectProgress(providerState, await readActivation(http, providerState.remoteId, call))
  if (progress) return progress
  const remoteLink = await readLink(http, { links, remoteLinkId: link.remoteLinkId }, call)
  return remoteLink ? unusedLinkProgress(remoteLink) : linkDeleted
}

const activationPath = (id: string) => path`/api/v2/activations/${id}`

async function readActivation(http: HttpClient, id: string, call: RequestContext) {
  const request = {
    method: 'GET',
    path: activationPath(id),
    responseSchema: z.object({ data: activationResponse }),
    purpose: 'read a connection',
  } as const
  return (await http.find(request, call))?.data ?? null
}

async function removeActivation(http: HttpClient, id: string, call: RequestContext) {
  const request = {
    method: 'DELETE',
    path: activationPath(id),
    responseSchema: z.object({ status: z.string() }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

// The endpoint has no filter: it returns all groups that the token's user has access to.
async function* listActivations(
  deps: CensusDeps,
  { kind, groups }: { readonly kind: ReadKind; readonly groups: ReadonlySet<string> },
  call: RequestContext,
) {
  const listing = {
    path: '/api/v2/activations',
    item: activationRow,
    kind,
    purpose: 'list connections',
    keys: { group: 'group_id' },
  }
  for await (const { items, skipped } of list(deps, listing, call)) {
    const connections = items.map(({ connection }) => connection)
    yield {
      items: connections.filter(({ remoteGroup }) => remoteGroup !== null && groups.has(remoteGroup)),
      // Without a readable group it may be one of ours.
      skipped: skipped.filter(({ group }) => group === null || groups.has(group)),
    }
  }
}

/**
 * Activations of one type, deduplicated by ID: rows that shift between pages while they are read are returned
 * twice.
 */
async function listActivationsOfType(
  deps: CensusDeps,
  { group, connectorKey }: { readonly group: string; readonly connectorKey: string },
  call: RequestContext,
): Promise<Page<RemoteConnection>> {
  const byId = new Map<string, RemoteConnection>()
  const skipped: SkippedRow[] = []
  for await (const page of listActivations(deps, { kind: 'CALL', groups: new Set([group]) }, call)) {
    for (const item of page.items) if (item.connectorKey === connectorKey) byId.set(item.remoteId, item)
    skipped.push(...page.skipped)
  }
  return { items: [...byId.values()], skipped }
}

async function* listConnectors(deps: CensusDeps, call: RequestContext) {
  const listing = {
    path: '/api/v2/activation_types',
    item: connectorResponse,
    purpose: 'list connectors',
    keys: { id: 'service_name' },
  }
  for await (const page of list(deps, listing, call)) {
    yield mapPage(page, (item) => toConnector(item, 'DESTINATION'))
  }
}

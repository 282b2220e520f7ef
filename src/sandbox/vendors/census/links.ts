import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json } from '../../json.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import type { SandboxContext } from '../../vendor.ts'
import { created, errorResponse, listPage, success } from './responses.ts'
import type { CensusState, ConnectLink } from './state.ts'
import type { Kind } from './types.ts'

/** The only group that the V2 token has access to. */
export const groupOf = ({ suffix }: Pick<SandboxContext, 'suffix'>) => `sandbox_group${suffix}`

interface Paths {
  readonly links: string
  readonly reauthorise: string
}

const paths: Readonly<Record<Kind, Paths>> = {
  destination: {
    links: '/api/v1/destination_connect_links',
    reauthorise: '/api/v1/destinations/:id/connect_links',
  },
  source: { links: '/api/v1/source_connect_links', reauthorise: '/api/v1/sources/:id/connect_links' },
  activation: {
    links: '/api/v2/activation_connect_links',
    reauthorise: '/api/v2/activations/:id/activation_connect_links',
  },
}

/** Connect links of one kind: create, list, read, revoke, and reauthorise an existing connection. */
export function linkRoutes(state: CensusState, kind: Kind): Record<string, Route> {
  const { links, reauthorise } = paths[kind]
  const linksOfKind = () => state.data().links.filter((link) => link.kind === kind)
  const find = (id: string) => linksOfKind().find((link) => String(link.id) === id)
  return {
    [`POST ${links}`]: (request) => create(state, kind, request),
    [`GET ${links}`]: (request) =>
      listPage(linksOfKind(), request, (link) => renderLink(state, link, request.now)),
    // A bare array, from the 2023 specification; V2 has no such endpoint.
    ...(kind === 'activation'
      ? {}
      : { [`GET ${links}/types`]: () => ({ status: 200, body: linkTypes(state, kind) }) }),
    [`GET ${links}/:id`]: ({ now }, id) => {
      const link = find(id)
      return link === undefined ? errorResponse(404) : success(renderLink(state, link, now))
    },
    [`POST ${links}/:id/revoke`]: ({ now }, id) => {
      const link = find(id)
      if (link === undefined) return errorResponse(404)
      link.revoked = true // idempotent; a connection created with the link is kept
      return success(renderLink(state, link, now))
    },
    [`POST ${reauthorise}`]: ({ body, now }, id) => {
      const connection = state.connection(kind, id)
      if (connection === undefined) return errorResponse(404)
      const redirectUri = readRedirectUri(objectOf(body).redirect_uri)
      if (redirectUri === undefined) return errorResponse(400, 'Invalid redirect_uri')
      const link = state.addLink({ kind, type: connection.type, redirectUri, connectionId: id }, now)
      return created(renderLink(state, link, now))
    },
  }
}

function create(state: CensusState, kind: Kind, { body, now }: SandboxRequest): SandboxResponse {
  const fields = objectOf(body)
  const type = textOf(fields.type)
  const censusType = type === undefined ? undefined : state.type(kind, type)
  if (type === undefined || censusType?.creatableViaConnectLink !== true)
    return errorResponse(400, `Invalid type: ${type ?? ''}`)
  if (kind === 'activation' && fields.group_id !== groupOf(state.context)) {
    return errorResponse(400, `Invalid group_id: ${textOf(fields.group_id) ?? ''}`)
  }
  const redirectUri = readRedirectUri(fields.redirect_uri)
  if (redirectUri === undefined) return errorResponse(400, 'Invalid redirect_uri')
  return created(renderLink(state, state.addLink({ kind, type, redirectUri }, now), now))
}

/** Null when there is none; undefined when it is not an http(s) URL. */
function readRedirectUri(value: Json | undefined): string | null | undefined {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) ? value : undefined
}

function linkTypes(state: CensusState, kind: Kind): readonly string[] {
  return state
    .types(kind)
    .filter((type) => type.creatableViaConnectLink)
    .map(({ serviceName }) => serviceName)
}

function renderLink({ context }: CensusState, link: ConnectLink, now: Date): object {
  const connectionId = link.connectionId === null ? null : Number(link.connectionId)
  return {
    id: link.id,
    type: link.type,
    expiration: link.expiration,
    expired: now >= new Date(link.expiration),
    revoked: link.revoked,
    uri: context.pageUrl(`/census/pbc?auth=${link.auth}`),
    redirect_uri: link.redirectUri,
    // V2 documents no ID of the created activation: the caller has to find it in the list of activations.
    ...(link.kind === 'activation' ? { group_id: groupOf(context) } : { [`${link.kind}_id`]: connectionId }),
  }
}

import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json } from '../../json.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { created, listPage, refusal, success } from './responses.ts'
import type { ConnectLink, Kind, Ledger } from './state.ts'

/** The one group that the V2 token may use. */
export const sandboxGroup = 'sandbox_group'

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

/** Connect links of one kind: make, list, read, revoke, and reauthorise what exists. */
export function linkRoutes(ledger: Ledger, kind: Kind): Record<string, Route> {
  const { links, reauthorise } = paths[kind]
  const all = () => ledger.state().links.filter((link) => link.kind === kind)
  const find = (id: string) => all().find((link) => String(link.id) === id)
  return {
    [`POST ${links}`]: (request) => create(ledger, kind, request),
    [`GET ${links}`]: (request) => listPage(all(), request, (link) => renderLink(ledger, link, request.now)),
    // A bare list, from the 2023 specification; there is none for V2.
    ...(kind === 'activation'
      ? {}
      : { [`GET ${links}/types`]: () => ({ status: 200, body: linkTypes(ledger, kind) }) }),
    [`GET ${links}/:id`]: ({ now }, id) => {
      const link = find(id)
      return link === undefined ? refusal(404) : success(renderLink(ledger, link, now))
    },
    [`POST ${links}/:id/revoke`]: ({ now }, id) => {
      const link = find(id)
      if (link === undefined) return refusal(404)
      link.revoked = true // a second time changes nothing; a connection that was made stays
      return success(renderLink(ledger, link, now))
    },
    [`POST ${reauthorise}`]: ({ body, now }, id) => {
      const connection = ledger.connection(kind, id)
      if (connection === undefined) return refusal(404)
      const redirectUri = readRedirect(objectOf(body).redirect_uri)
      if (redirectUri === undefined) return refusal(400, 'Invalid redirect_uri')
      const link = ledger.addLink({ kind, type: connection.type, redirectUri, connectionId: id }, now)
      return created(renderLink(ledger, link, now))
    },
  }
}

function create(ledger: Ledger, kind: Kind, { body, now }: SandboxRequest): SandboxResponse {
  const given = objectOf(body)
  const type = textOf(given.type)
  const known = type === undefined ? undefined : ledger.type(kind, type)
  if (type === undefined || known?.creatableViaConnectLink !== true)
    return refusal(400, `Invalid type: ${type ?? ''}`)
  if (kind === 'activation' && given.group_id !== sandboxGroup) {
    return refusal(400, `Invalid group_id: ${textOf(given.group_id) ?? ''}`)
  }
  const redirectUri = readRedirect(given.redirect_uri)
  if (redirectUri === undefined) return refusal(400, 'Invalid redirect_uri')
  return created(renderLink(ledger, ledger.addLink({ kind, type, redirectUri }, now), now))
}

/** Null when there is none; undefined when it is not an address to send a browser to. */
function readRedirect(value: Json | undefined): string | null | undefined {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) ? value : undefined
}

function linkTypes(ledger: Ledger, kind: Kind): readonly string[] {
  return ledger
    .types(kind)
    .filter((type) => type.creatableViaConnectLink)
    .map(({ serviceName }) => serviceName)
}

function renderLink({ world }: Ledger, link: ConnectLink, now: Date): object {
  const connectionId = link.connectionId === null ? null : Number(link.connectionId)
  return {
    id: link.id,
    type: link.type,
    expiration: link.expiration,
    expired: now >= new Date(link.expiration),
    revoked: link.revoked,
    uri: world.pageLink(`/census/pbc?auth=${link.auth}`),
    redirect_uri: link.redirectUri,
    // V2 documents no id of what was made: the caller has to look for it among the activations.
    ...(link.kind === 'activation' ? { group_id: sandboxGroup } : { [`${link.kind}_id`]: connectionId }),
  }
}

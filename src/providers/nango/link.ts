import { z } from 'zod'
import { parseUrl } from '../../domain/parse-url.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, RemoteLink, RemoteReference, RevocableLink } from '../adapter.ts'
import { isPrivateHost } from '../definition.ts'
import { assertTrustedUrl } from '../trusted-url.ts'
import { type Environment, findListed } from './api.ts'
import { connectionIdOf } from './connection.ts'
import {
  connectionMissing,
  createReconnectSession,
  createSession,
  type LinkOptions,
  type Session,
  sessionExpiry,
} from './session.ts'

/** Dependencies of the functions that create links. */
export interface LinkDeps {
  readonly environment: Environment
  readonly baseUrl: URL
  readonly now: () => Date
  readonly trustedOrigins: readonly string[]
  /** Whether the provider can send webhooks to this machine: the sandbox can. */
  readonly sandbox: boolean
}

type Request = LinkRequest<LinkOptions>

/** Whether the base URL is that of Nango's own cloud. */
export const isCloud = ({ hostname }: URL): boolean => hostname === 'api.nango.dev'

/** Creates a link that makes a new connection. */
export async function createLink(
  deps: LinkDeps,
  request: Request,
  call: RequestContext,
): Promise<RemoteLink> {
  return toRemoteLink(deps, await createSession(deps.environment.http, request, call))
}

/** Creates a link that authorizes a connection again. */
export async function createReconnectLink(
  deps: LinkDeps,
  reference: RemoteReference,
  request: Request,
  call: RequestContext,
): Promise<RemoteLink> {
  const connectionId = connectionIdOf(reference)
  const listed = await findListed(deps.environment, reference, call)
  if (listed === null) throw connectionMissing(connectionId)
  const session = await createReconnectSession(
    deps.environment.http,
    { ...request, connectorKey: reference.connectorKey },
    { connectionId, tags: listed.tags ?? {} },
    call,
  )
  return toRemoteLink(deps, session)
}

function toRemoteLink({ baseUrl, now, trustedOrigins }: LinkDeps, session: Session): RemoteLink {
  const url = parseUrl(session.connect_link)
  // The pages of a self-hosted Nango have an address of their own, which its operator has chosen.
  const isPrivate =
    url?.protocol === 'http:' && baseUrl.protocol === 'http:' && isPrivateHost(new URL(url.href))
  assertTrustedUrl(session.connect_link, {
    provider: 'NANGO',
    name: 'Nango',
    hosts: isCloud(baseUrl) ? ['nango.dev'] : null,
    origins: isPrivate ? [...trustedOrigins, url.origin] : trustedOrigins,
  })
  return {
    kind: 'open',
    url: linkAddress(session, baseUrl),
    expiry: sessionExpiry(session, now()),
    requiresProviderLogin: false,
    instructions: null,
    // The token grants access to the session: it is kept only in the URL, which is stored encrypted.
    remoteLinkId: null,
    remoteGroup: null,
    pendingConnection: null,
    providerState: null,
  }
}

const tokenParameter = 'session_token'

/** SEEN: without `apiURL` the page of a self-hosted Nango calls that of the cloud. */
function linkAddress({ connect_link, token }: Session, baseUrl: URL): string {
  const url = new URL(connect_link)
  url.searchParams.set(tokenParameter, token)
  if (!isCloud(baseUrl)) url.searchParams.set('apiURL', baseUrl.href.replace(/\/$/, ''))
  return url.href
}

/** Deletes the session of a link. `false`: it had expired, or was deleted before. */
export async function revokeLink(
  { http }: Environment,
  { url }: RevocableLink,
  call: RequestContext,
): Promise<boolean> {
  const token = url === null ? null : (parseUrl(url)?.searchParams.get(tokenParameter) ?? null)
  if (token === null) return false
  const response = await http.find(
    {
      method: 'DELETE',
      path: '/connect/session',
      bearer: token,
      responseSchema: z.undefined().transform(() => true), // 204
      purpose: 'revoke a connect link',
      // SEEN with status 401: unknown_connect_session_token.
      isMissing: ({ status, code }) => status === 401 && /connect_session/.test(code ?? ''),
    },
    call,
  )
  return response === true
}

import type { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, RemoteLink } from '../adapter.ts'
import { idsOf } from '../rows.ts'
import { assertTrustedUrl } from '../trusted-url.ts'
import { slugOf } from './account.ts'
import { accountMissing, createToken, findAccount, listEndUserAccounts, type Project } from './api.ts'
import type { connectState, reconnectState } from './check-link.ts'
import { addAccountParameter, addAppParameters, type LinkOptions, tokenExpiry } from './connect-token.ts'

/** Dependencies of the functions that create links. */
export interface PipedreamDeps {
  readonly project: Project
  readonly environment: 'development' | 'production'
  readonly now: () => Date
  readonly linkOrigins: readonly string[]
}

type Request = LinkRequest<LinkOptions>

/** Creates a link that connects a new account. */
export async function createLink(
  deps: PipedreamDeps,
  request: Request,
  call: RequestContext,
): Promise<RemoteLink> {
  const { connectorKey, endUser } = request
  // The response contains no account: new ones are found by comparison with this baseline.
  const before = await listEndUserAccounts(deps.project, { connectorKey, endUserId: endUser.id }, call)
  const providerState: z.output<typeof connectState> = {
    baseline: idsOf(before),
    hasWebhook: request.webhookUri !== null,
  }
  return { ...(await createRemoteLink(deps, request, call)), providerState }
}

/** Creates a link that reauthorizes an existing account. */
export async function createReconnectLink(
  deps: PipedreamDeps,
  { remoteId, request }: { readonly remoteId: string; readonly request: Request },
  call: RequestContext,
): Promise<RemoteLink> {
  const account = await findAccount(deps.project, remoteId, call)
  if (account === null) throw accountMissing(remoteId)
  // INFERRED without a source: the page offers an account only to its own end user and under its own app.
  const endUser = { ...request.endUser, id: account.external_id ?? request.endUser.id }
  const link = await createRemoteLink(
    deps,
    { ...request, endUser, connectorKey: slugOf(account) ?? request.connectorKey },
    call,
  )
  const providerState: z.output<typeof reconnectState> = { remoteId, updatedAt: account.updated_at ?? null }
  return { ...link, url: addAccountParameter(link.url, remoteId), providerState }
}

async function createRemoteLink(
  deps: PipedreamDeps,
  request: Request,
  call: RequestContext,
): Promise<Omit<RemoteLink, 'providerState'>> {
  const { project, environment, now, linkOrigins } = deps
  const { connect_link_url, expires_at } = await createToken(project, request, call)
  const hosts = {
    provider: 'PIPEDREAM',
    name: 'Pipedream',
    // INFERRED from `oauth_app_connect_base_url` of version 3.1.6 of the SDK, whose values are not documented: a token that
    // selects an OAuth client may lead to another host, but to one of this domain.
    hosts: ['pipedream.com'],
    origins: linkOrigins,
  } as const
  return {
    kind: 'open',
    url: addAppParameters(assertTrustedUrl(connect_link_url, hosts), request),
    expiry: tokenExpiry(expires_at, now()),
    // In development the end user has to be signed in at pipedream.com in the same browser.
    requiresProviderLogin: environment === 'development',
    instructions: null,
    // The token grants access to the link: it is kept only in the URL, not as an ID.
    remoteLinkId: null,
    remoteGroup: null,
    pendingConnection: null,
  }
}

import type { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, RemoteLink } from '../adapter.ts'
import { assertTrustedUrl } from '../trusted-url.ts'
import { accountMissing, accountsOf, findAccount, mintToken, type Project } from './api.ts'
import type { connectMemo, reconnectMemo } from './check-link.ts'
import { type LinkOptions, linkToAccount, linkToApp, tokenExpiry } from './connect-token.ts'

/** What links are made with. */
export interface Tools {
  readonly project: Project
  readonly environment: 'development' | 'production'
  readonly now: () => Date
  readonly linkOrigins: readonly string[]
}

type Request = LinkRequest<LinkOptions>

/** A link to connect a further account. */
export async function createLink(deps: Tools, request: Request, call: RequestContext): Promise<RemoteLink> {
  const { connectorKey, endUser } = request
  // The token's answer names no account: what is there already has to be known.
  const before = await accountsOf(deps.project, { connectorKey, endUserId: endUser.id }, call)
  const baseline = before.map(({ remoteId }) => remoteId)
  const providerState: z.output<typeof connectMemo> = { baseline, hasWebhook: request.webhookUri !== null }
  return { ...(await opened(deps, request, call)), providerState }
}

/** A link to connect an account anew. */
export async function createReconnectLink(
  deps: Tools,
  { remoteId, request }: { readonly remoteId: string; readonly request: Request },
  call: RequestContext,
): Promise<RemoteLink> {
  const account = await findAccount(deps.project, remoteId, call)
  if (account === null) throw accountMissing(remoteId)
  // The page shows an account to its own user and under its own app alone.
  const endUser = { ...request.endUser, id: account.external_id ?? request.endUser.id }
  const made = await opened(deps, { ...request, endUser, connectorKey: account.app.name_slug }, call)
  const providerState: z.output<typeof reconnectMemo> = { remoteId, updatedAt: account.updated_at ?? null }
  return { ...made, url: linkToAccount(made.url, remoteId), providerState }
}

async function opened(
  deps: Tools,
  request: Request,
  call: RequestContext,
): Promise<Omit<RemoteLink, 'providerState'>> {
  const { project, environment, now, linkOrigins } = deps
  const { connect_link_url, expires_at } = await mintToken(project, request, call)
  const hosts = {
    provider: 'PIPEDREAM',
    name: 'Pipedream',
    hosts: ['pipedream.com'],
    origins: linkOrigins,
  } as const
  return {
    kind: 'open',
    url: linkToApp(assertTrustedUrl(connect_link_url, hosts), request),
    expiry: tokenExpiry(expires_at, now()),
    // In development the end user has to be signed in at pipedream.com in the same browser.
    requiresProviderLogin: environment === 'development',
    instructions: null,
    // The token alone opens the link: it stays inside the url.
    remoteLinkId: null,
    remoteGroup: null,
    pendingConnection: null,
  }
}

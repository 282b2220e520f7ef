import type { z } from 'zod'
import { InvalidInputError, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { Expiry, LinkRequest, RemoteLink } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'
import { assertTrustedUrl } from '../trusted-url.ts'
import {
  type Api,
  accountMissing,
  findAccount,
  findToolkit,
  type LinkOptions,
  listAuthConfigs,
  postLink,
  postRefresh,
} from './api.ts'
import { authOf, defaultOf } from './auth-config.ts'
import type { connectState, reconnectState } from './check-link.ts'

/** Dependencies of the functions that create links. */
export interface LinkDeps {
  readonly api: Api
  readonly now: () => Date
  readonly linkOrigins: readonly string[]
}

type Request = LinkRequest<LinkOptions>

/** Of a hosted link: docs.composio.dev/kb/guide/platform-connected-accounts */
export const linkLifetimeSeconds = 600

/**
 * Creates a link that connects a new account. The account exists from then on, but it is no connection before it is
 * authorized. One whose response was lost expires by itself.
 */
export async function createLink(
  deps: LinkDeps,
  request: Request,
  call: RequestContext,
): Promise<RemoteLink> {
  const authConfigId = await selectAuthConfig(deps.api, request, call)
  const { redirect_url, connected_account_id, expires_at } = await postLink(
    deps.api,
    { authConfigId, request },
    call,
  )
  const at = parseDate(expires_at)
  const providerState: z.output<typeof connectState> = { accountId: connected_account_id }
  return {
    ...toRemoteLink(deps, redirect_url),
    expiry: at === null ? defaultExpiry(deps) : { at, source: 'PROVIDER' },
    providerState,
  }
}

/** The auth config that the options name, else the default of the toolkit. */
async function selectAuthConfig(
  api: Api,
  { connectorKey, options }: Request,
  call: RequestContext,
): Promise<string> {
  const usable = await listAuthConfigs(api, { kind: 'CALL', toolkit: connectorKey }, call)
  const { authConfigId } = options
  if (authConfigId != null && !usable.some(({ id }) => id === authConfigId)) {
    const message = `is no enabled auth config of "${connectorKey}"`
    throw new InvalidInputError([{ path: ['input', 'composio', 'authConfigId'], message }])
  }
  const selected = authConfigId ?? defaultOf(usable)?.id
  if (selected !== undefined) return selected
  if ((await findToolkit(api, connectorKey, call)) === null)
    throw new NotFoundError(`Composio has no connector "${connectorKey}".`)
  throw new UnsupportedError(
    'COMPOSIO',
    `Composio has no enabled auth config for "${connectorKey}": create one in the project's dashboard.`,
  )
}

/**
 * Creates a link that authorizes an existing account again. `refresh` is marked as deprecated in favour of a new link, but
 * it is the only way that keeps the account and its ID.
 */
export async function createReconnectLink(
  deps: LinkDeps,
  { remoteId, request }: { readonly remoteId: string; readonly request: Request },
  call: RequestContext,
): Promise<RemoteLink> {
  const account = await findAccount(deps.api, remoteId, call)
  if (account === null) throw accountMissing(remoteId)
  // Checked first, because the call makes the account unusable, with or without a page. INFERRED from the description of
  // `redirect_url`, which is null for other schemes.
  if (authOf(account.state?.authScheme) === 'KEYS')
    throw new UnsupportedError('COMPOSIO', 'Composio has no page for new keys: create another connection.')
  const { redirectUri } = request
  const { status, redirect_url } = await postRefresh(deps.api, { id: remoteId, redirectUri }, call)
  if (redirect_url == null)
    throw new UnsupportedError('COMPOSIO', 'Composio has no page on which this connection can be renewed.')
  const providerState: z.output<typeof reconnectState> = {
    accountId: remoteId,
    staysActive: status === 'ACTIVE',
    updatedAt: account.updated_at ?? null,
  }
  const isInterrupted = account.status === 'ACTIVE' && status !== 'ACTIVE'
  return {
    ...toRemoteLink(deps, redirect_url),
    instructions: isInterrupted
      ? 'Until you have authorized it again, this connection cannot be used.'
      : null,
    expiry: defaultExpiry(deps),
    providerState,
  }
}

const defaultExpiry = ({ now }: LinkDeps): Expiry => ({
  at: new Date(now().getTime() + linkLifetimeSeconds * 1000),
  source: 'PROVIDER_DEFAULT',
})

const toRemoteLink = ({ linkOrigins }: LinkDeps, url: string) =>
  ({
    kind: 'open',
    // SEEN: connect.composio.dev, and backend.composio.dev for short addresses of it.
    url: assertTrustedUrl(url, {
      provider: 'COMPOSIO',
      name: 'Composio',
      hosts: ['composio.dev'],
      origins: linkOrigins,
    }),
    requiresProviderLogin: false,
    instructions: null,
    // The token grants access to the link: it is kept only in the URL, not as an ID.
    remoteLinkId: null,
    remoteGroup: null,
    pendingConnection: null,
  }) as const

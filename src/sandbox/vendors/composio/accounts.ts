import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, type Json, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { badRequest, notFound, ok, page, readList } from './responses.ts'
import { type Account, type ComposioState, type Link, linkLifetimeMs, newId } from './state.ts'
import { isOAuth } from './toolkit-list.ts'

/** Routes of connected accounts and of the links that authorize them. */
export function accountRoutes(state: ComposioState): Record<string, Route> {
  const withAccount =
    (run: (account: Account, request: SandboxRequest) => SandboxResponse): Route =>
    (request, id = '') => {
      const account = state.accountToChange(id)
      return account === undefined ? notFound('ConnectedAccount', id) : run(account, request)
    }
  return {
    'POST /connected_accounts/link': (request) => createLink(state, request),
    'GET /connected_accounts': ({ query }) => listAccounts(state, query),
    // Seen in an error of the real API since the middle of 2026.
    'POST /connected_accounts': () =>
      badRequest('ConnectedAccount', 'Use POST /api/v3/connected_accounts/link instead.'),
    'GET /connected_accounts/:id': (_request, id = '') => {
      const account = state.account(id)
      return account === undefined
        ? notFound('ConnectedAccount', id)
        : ok({ ...accountJson(state, account), params: {} })
    },
    'DELETE /connected_accounts/:id': ({ query }, id = '') => {
      if (!state.remove(id)) return notFound('ConnectedAccount', id)
      return ok({
        success: true,
        ...(query.get('revoke_on_delete') === 'true' ? { revoke_job_id: newId('rj') } : {}),
      })
    },
    'PATCH /connected_accounts/:id/status': withAccount((account, { body, now }) => {
      const { enabled } = objectOf(body)
      if (typeof enabled !== 'boolean') return badRequest('ConnectedAccount', 'enabled is required')
      account.status = enabled ? 'ACTIVE' : 'INACTIVE'
      account.statusReason = enabled ? null : 'Connection status updated by user'
      account.updatedAt = now.toISOString()
      return ok({ success: true })
    }),
    'POST /connected_accounts/:id/refresh': withAccount((account, request) =>
      refresh(state, account, request),
    ),
    'POST /connected_accounts/:id/revoke': withAccount((account, { now }) => {
      const revoked_tokens = account.status === 'REVOKED' ? [] : ['access_token', 'refresh_token']
      account.status = 'REVOKED'
      account.statusReason = 'Revoked via user-initiated revoke endpoint'
      account.updatedAt = now.toISOString()
      return ok({ revoked_tokens, connected_account: { id: account.id, status: account.status } })
    }),
  }
}

function createLink(state: ComposioState, { body, now }: SandboxRequest): SandboxResponse {
  if (!isObject(body)) return badRequest('ConnectedAccount', 'a JSON object is expected')
  const authConfigId = textOf(body.auth_config_id)
  const userId = textOf(body.user_id)
  if (authConfigId === undefined) return badRequest('ConnectedAccount', 'auth_config_id is required')
  if (userId === undefined) return badRequest('ConnectedAccount', 'user_id is required')
  const authConfig = state.authConfigs().find(({ id }) => id === authConfigId)
  if (authConfig === undefined) return notFound('AuthConfig', authConfigId)
  if (!authConfig.enabled) return badRequest('ConnectedAccount', 'Auth config is disabled')
  const at = now.toISOString()
  const account: Account = {
    id: newId('ca'),
    toolkit: authConfig.toolkit,
    authConfigId,
    userId,
    createdAt: at,
    updatedAt: at,
    initiatedAt: at,
    status: 'INITIATED',
    statusReason: null,
  }
  state.data().accounts.push(account)
  const link = addLink(state, account, { now, callbackUrl: body.callback_url, data: body.connection_data })
  return ok(
    {
      link_token: link.token,
      redirect_url: pageUrl(state, link),
      expires_at: link.expiresAt,
      connected_account_id: account.id,
    },
    201,
  )
}

interface NewLink {
  readonly now: Date
  readonly callbackUrl: Json | undefined
  readonly data?: Json | undefined
  readonly isRefresh?: boolean
}

function addLink(
  state: ComposioState,
  { id }: Account,
  { now, callbackUrl, data, isRefresh = false }: NewLink,
): Link {
  const presets = Object.entries(objectOf(data)).map(([key, value]) => [key, textOf(value) ?? ''])
  const link: Link = {
    token: newId('lk'),
    accountId: id,
    callbackUrl: textOf(callbackUrl) ?? null,
    expiresAt: new Date(now.getTime() + linkLifetimeMs).toISOString(),
    connectionData: Object.fromEntries(presets),
    isRefresh,
    used: false,
  }
  state.data().links.push(link)
  return link
}

const pageUrl = ({ context }: ComposioState, { token }: Link) => context.pageUrl(`/composio/link/${token}`)

/** Makes a working account INITIATED, as reported in issue 1914 of ComposioHQ/composio. */
function refresh(
  state: ComposioState,
  account: Account,
  { body, query, now }: SandboxRequest,
): SandboxResponse {
  const toolkit = state.toolkits.find(account.toolkit)
  const { id } = account
  if (toolkit === undefined || !isOAuth(toolkit))
    return ok({ id, status: account.status, redirect_url: null })
  account.status = 'INITIATED'
  account.statusReason = null
  account.initiatedAt = now.toISOString()
  account.updatedAt = now.toISOString()
  const callbackUrl = objectOf(body).redirect_url ?? query.get('redirect_url') ?? undefined
  const link = addLink(state, account, { now, callbackUrl, isRefresh: true })
  return ok({ id, status: account.status, redirect_url: pageUrl(state, link) })
}

function listAccounts(state: ComposioState, query: URLSearchParams): SandboxResponse {
  const filters = [
    ['toolkit_slugs', ({ toolkit }: Account) => toolkit],
    ['statuses', ({ status }: Account) => status],
    ['user_ids', ({ userId }: Account) => userId],
    ['auth_config_ids', ({ authConfigId }: Account) => authConfigId],
    ['connected_account_ids', ({ id }: Account) => id],
  ] as const
  const active = filters.flatMap(([name, fieldOf]) => {
    const values = readList(query, name)
    return values === null ? [] : [(account: Account) => values.has(fieldOf(account))]
  })
  const found = state.accounts().filter((account) => active.every((matches) => matches(account)))
  const ordered = query.get('order_direction') === 'asc' ? found : found.toReversed()
  const { rows, fields } = page(ordered, query, [20, 100])
  return ok({ items: rows.map((account) => accountJson(state, account)), ...fields })
}

/** With the credentials, as the real API returns them. */
function accountJson(state: ComposioState, account: Account) {
  const scheme = state.toolkits.find(account.toolkit)?.scheme ?? 'OAUTH2'
  const authConfig = state.authConfigs().find(({ id }) => id === account.authConfigId)
  const secrets = { access_token: 'sandbox-oauth-access-token', refresh_token: 'sandbox-oauth-refresh-token' }
  return {
    toolkit: { slug: account.toolkit },
    auth_config: {
      id: account.authConfigId,
      auth_scheme: scheme,
      is_composio_managed: true,
      is_disabled: authConfig?.enabled === false,
    },
    id: account.id,
    word_id: `${account.toolkit}_${account.id.slice(-4)}`,
    alias: null,
    user_id: account.userId,
    status: account.status,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    state: { authScheme: scheme, val: { status: account.status, ...secrets } },
    data: secrets,
    status_reason: account.statusReason,
    is_disabled: account.status === 'INACTIVE',
  }
}

import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { appId, shortId } from './app-catalogue.ts'
import { appJson, notFound } from './apps.ts'
import { allowCallers, type Caller, inProject } from './callers.ts'
import { paginate } from './paging.ts'
import type { PipedreamState } from './state.ts'
import type { Account } from './types.ts'

/** Routes of accounts and of the end users that own them. */
export function accountRoutes(state: PipedreamState): Record<string, Route> {
  const anyCaller = ['oauth', 'connectToken'] as const
  const list = (caller: Caller, request: SandboxRequest) => listAccounts(state, caller, request)
  const removeByApp = inProject(state, anyCaller, (caller, { query }, app) => {
    const user = query.get('external_user_id')
    const ownAccounts = visibleAccounts(state, caller).filter(
      (account) => user === null || account.externalId === user,
    )
    state.remove(ownAccounts.filter((account) => isOfApp(state, account, app ?? '')))
    return { status: 204 }
  })
  return {
    'GET /v1/connect/:project/accounts': inProject(state, anyCaller, list),
    'GET /v1/connect/accounts': allowCallers(state, ['connectToken'], list), // the token implies the project
    'POST /v1/connect/:project/accounts': inProject(state, ['connectToken'], (caller, request) =>
      connectWithKeys(state, caller, request),
    ),
    'GET /v1/connect/:project/accounts/:id': inProject(state, anyCaller, (caller, { query }, id) => {
      const account = visibleAccounts(state, caller).find((one) => one.id === id)
      // Not wrapped in `data`: pipedream.com/docs/connect/api-reference/retrieve-account
      return account === undefined ? notFound : { status: 200, body: accountJson(state, account, query) }
    }),
    'DELETE /v1/connect/:project/accounts/:id': inProject(state, anyCaller, (caller, _, id) => {
      const removed = visibleAccounts(state, caller).filter((account) => account.id === id)
      state.remove(removed)
      return removed.length === 0 ? notFound : { status: 204 }
    }),
    'DELETE /v1/connect/:project/apps/:app/accounts': removeByApp,
    'DELETE /v1/connect/:project/accounts/app/:app': removeByApp, // the path that the first client uses
    'GET /v1/connect/:project/users': inProject(state, ['oauth'], (caller, request) =>
      listUsers(state, caller, request),
    ),
    'GET /v1/connect/:project/users/:user/accounts': inProject(
      state,
      anyCaller,
      (caller, { query }, user) => {
        const app = query.get('app')
        const accounts = visibleAccounts(state, caller).filter(
          (account) => account.externalId === user && (app === null || isOfApp(state, account, app)),
        )
        return { status: 200, body: accounts.map((account) => accountJson(state, account, query)) }
      },
    ),
    'DELETE /v1/connect/:project/users/:user': inProject(state, anyCaller, (caller, _, user) =>
      removeUser(state, caller, user ?? ''),
    ),
    'GET /v1/connect/:project/projects/info': inProject(state, anyCaller, () => {
      const apps = state.apps.list.filter(({ authType }) => authType === 'oauth').slice(0, 10)
      return { status: 200, body: { apps: apps.map((app) => ({ id: appId(app), name_slug: app.slug })) } }
    }),
  }
}

/** An account as the API and the webhook return it. */
export function accountJson(state: PipedreamState, account: Account, query?: URLSearchParams) {
  const app = state.apps.find(account.slug)
  const credentials = ['1', 'true'].includes(query?.get('include_credentials') ?? '')
  return {
    id: account.id,
    name: account.name,
    external_id: account.externalId,
    healthy: account.healthy,
    dead: account.dead,
    app: app === undefined ? undefined : { ...appJson(state, app), id: accountAppId(state, account) },
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    authorized_scopes: [],
    ...(credentials ? credentialsJson(account) : {}),
  }
}

/** `oa_…` for OAuth accounts, although the catalogue has `app_…`: only the slug matches. */
function accountAppId(state: PipedreamState, account: Account): string {
  const app = state.apps.find(account.slug)
  if (app?.authType !== 'oauth') return app === undefined ? '' : appId(app)
  return account.oauthAppId ?? shortId('oa', account.slug)
}

function credentialsJson(account: Account) {
  // Returned for the customer's own OAuth client only: pipedream.com/docs/connect/api-reference/retrieve-account
  const usesOwnClient = account.oauthAppId !== null
  return {
    credentials: usesOwnClient
      ? {
          oauth_client_id: account.oauthAppId,
          oauth_access_token: 'sandbox-oauth-access-token',
          oauth_uid: '1',
        }
      : null,
    expires_at: null,
    error: account.healthy ? null : 'Token refresh failed',
    last_refreshed_at: account.updatedAt,
    next_refresh_at: null,
  }
}

/** The accounts that a caller has access to. */
export function visibleAccounts(state: PipedreamState, caller: Caller): readonly Account[] {
  const accounts = state.accounts(caller.environment)
  if (caller.kind === 'oauth') return accounts
  return accounts.filter(({ externalId }) => externalId === caller.token.externalUserId)
}

function listAccounts(state: PipedreamState, caller: Caller, { query }: SandboxRequest): SandboxResponse {
  const user = query.get('external_user_id')
  const app = query.get('app')
  const client = query.get('oauth_app_id')
  const all = visibleAccounts(state, caller)
  const filtered =
    user === null && app === null && client === null
      ? all
      : all.filter(
          (account) =>
            (user === null || account.externalId === user) &&
            (app === null || isOfApp(state, account, app)) &&
            (client === null || accountAppId(state, account) === client),
        )
  const { rows, page_info } = paginate(filtered, ({ id }) => id, query)
  return { status: 200, body: { page_info, data: rows.map((row) => accountJson(state, row, query)) } }
}

function listUsers(state: PipedreamState, caller: Caller, { query }: SandboxRequest): SandboxResponse {
  const searchText = query.get('q') ?? ''
  const users = state
    .users(caller.environment)
    .filter(({ externalId }) => externalId.includes(searchText))
    .map(({ externalId, createdAt }) => ({
      id: shortId('exu', `${caller.environment} ${externalId}`),
      external_id: externalId,
      created_at: createdAt,
      updated_at: createdAt,
    }))
  const byId = users.sort((a, b) => (a.id < b.id ? -1 : 1))
  const { rows, page_info } = paginate(byId, ({ id }) => id, query)
  return { status: 200, body: { page_info, data: rows } }
}

function removeUser(state: PipedreamState, caller: Caller, externalId: string): SandboxResponse {
  const { environment } = caller
  const isVisible = caller.kind === 'oauth' || caller.token.externalUserId === externalId
  const isKnown = state.users(environment).some((user) => user.externalId === externalId)
  if (!isVisible || !isKnown) return notFound
  state.removeUser({ environment, externalId })
  return { status: 204 }
}

/** Connects an app that uses API keys, without a hosted page. */
function connectWithKeys(state: PipedreamState, caller: Caller, { body }: SandboxRequest): SandboxResponse {
  if (caller.kind !== 'connectToken') return notFound
  const fields = objectOf(body)
  const app = state.apps.find(textOf(fields.app_slug) ?? '')
  if (app === undefined) return { status: 404, body: { error: 'App not found' } }
  if (app.authType === 'oauth') return { status: 400, body: { error: `${app.slug} needs OAuth` } }
  if (!isJsonObject(textOf(fields.cfmap_json) ?? '')) {
    return { status: 400, body: { error: 'cfmap_json must be a string that holds a JSON object' } }
  }
  const accountId = textOf(fields.account_id) ?? null
  if (accountId !== null && !visibleAccounts(state, caller).some(({ id }) => id === accountId))
    return notFound
  const name = textOf(fields.name) ?? null
  const account = state.connect(caller.token, { slug: app.slug, name, oauthAppId: null, accountId })
  return { status: 200, body: accountJson(state, account) }
}

function isOfApp(state: PipedreamState, account: Account, app: string): boolean {
  return (
    account.slug === app ||
    accountAppId(state, account) === app ||
    state.apps.find(app)?.slug === account.slug
  )
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text))
  } catch {
    return false
  }
}

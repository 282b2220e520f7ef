import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { appId, shortId } from './app-catalogue.ts'
import { appJson, notFound } from './apps.ts'
import { allowCallers, type Caller, inProject } from './callers.ts'
import { paginate } from './paging.ts'
import type { Account, PipedreamStore } from './state.ts'

/** Accounts and the end users they belong to. */
export function accountRoutes(store: PipedreamStore): Record<string, Route> {
  const both = ['oauth', 'connectToken'] as const
  const list = (caller: Caller, request: SandboxRequest) => listAccounts(store, caller, request)
  const byApp = inProject(store, both, (caller, { query }, app) => {
    const user = query.get('external_user_id')
    const mine = visible(store, caller).filter((account) => user === null || account.externalId === user)
    store.remove(mine.filter((account) => isOfApp(store, account, app ?? '')))
    return { status: 204 }
  })
  return {
    'GET /v1/connect/:project/accounts': inProject(store, both, list),
    'GET /v1/connect/accounts': allowCallers(store, ['connectToken'], list), // its token names the project
    'POST /v1/connect/:project/accounts': inProject(store, ['connectToken'], (caller, request) =>
      connectWithKeys(store, caller, request),
    ),
    'GET /v1/connect/:project/accounts/:id': inProject(store, both, (caller, { query }, id) => {
      const account = visible(store, caller).find((one) => one.id === id)
      // Bare, not in `data`: pipedream.com/docs/connect/api-reference/retrieve-account
      return account === undefined ? notFound : { status: 200, body: accountJson(store, account, query) }
    }),
    'DELETE /v1/connect/:project/accounts/:id': inProject(store, both, (caller, _, id) =>
      removeAccounts(store, caller, (account) => account.id === id),
    ),
    'DELETE /v1/connect/:project/apps/:app/accounts': byApp,
    'DELETE /v1/connect/:project/accounts/app/:app': byApp, // where the first client looked for it
    'GET /v1/connect/:project/users': inProject(store, ['oauth'], (caller, request) =>
      listUsers(store, caller, request),
    ),
    'GET /v1/connect/:project/users/:user/accounts': inProject(store, both, (caller, { query }, user) => {
      const app = query.get('app')
      const theirs = visible(store, caller).filter(
        (account) => account.externalId === user && (app === null || isOfApp(store, account, app)),
      )
      return { status: 200, body: theirs.map((account) => accountJson(store, account, query)) }
    }),
    'DELETE /v1/connect/:project/users/:user': inProject(store, both, (caller, _, user) =>
      removeAccounts(store, caller, (account) => account.externalId === user),
    ),
    'GET /v1/connect/:project/projects/info': inProject(store, both, () => {
      const apps = store.apps.list.filter(({ authType }) => authType === 'oauth').slice(0, 10)
      return { status: 200, body: { apps: apps.map((app) => ({ id: appId(app), name_slug: app.slug })) } }
    }),
  }
}

/** An account as the API and the webhook show it. */
export function accountJson(store: PipedreamStore, account: Account, query?: URLSearchParams) {
  const app = store.apps.find(account.slug)
  const credentials = ['1', 'true'].includes(query?.get('include_credentials') ?? '')
  return {
    id: account.id,
    name: account.name,
    external_id: account.externalId,
    healthy: account.healthy,
    dead: account.dead,
    app: app === undefined ? undefined : { ...appJson(app), id: accountAppId(store, account) },
    created_at: account.createdAt,
    updated_at: account.updatedAt,
    authorized_scopes: [],
    ...(credentials ? credentialsJson(account) : {}),
  }
}

/** `oa_…` for OAuth accounts while the catalogue says `app_…`: the two are only joined by the slug. */
function accountAppId(store: PipedreamStore, account: Account): string {
  const app = store.apps.find(account.slug)
  if (app?.authType !== 'oauth') return app === undefined ? '' : appId(app)
  return account.oauthAppId ?? shortId('oa', account.slug)
}

function credentialsJson(account: Account) {
  // Readable for the customer's own OAuth client alone: pipedream.com/docs/connect/api-reference/retrieve-account
  const own = account.oauthAppId !== null
  return {
    credentials: own
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

/** The accounts that a caller may see. */
function visible(store: PipedreamStore, caller: Caller): readonly Account[] {
  const accounts = store.accounts(caller.environment)
  if (caller.kind === 'oauth') return accounts
  return accounts.filter(({ externalId }) => externalId === caller.token.externalUserId)
}

function listAccounts(store: PipedreamStore, caller: Caller, { query }: SandboxRequest): SandboxResponse {
  const user = query.get('external_user_id')
  const app = query.get('app')
  const client = query.get('oauth_app_id')
  const all = visible(store, caller)
  const filtered =
    user === null && app === null && client === null
      ? all
      : all.filter(
          (account) =>
            (user === null || account.externalId === user) &&
            (app === null || isOfApp(store, account, app)) &&
            (client === null || accountAppId(store, account) === client),
        )
  const { rows, page_info } = paginate(filtered, ({ id }) => id, query)
  return { status: 200, body: { page_info, data: rows.map((row) => accountJson(store, row, query)) } }
}

function listUsers(store: PipedreamStore, caller: Caller, { query }: SandboxRequest): SandboxResponse {
  const part = query.get('q') ?? ''
  const users = new Map<string, { id: string; external_id: string; created_at: string; updated_at: string }>()
  for (const { externalId, createdAt } of visible(store, caller)) {
    if (users.has(externalId) || !externalId.includes(part)) continue
    const id = shortId('exu', `${caller.environment} ${externalId}`)
    users.set(externalId, { id, external_id: externalId, created_at: createdAt, updated_at: createdAt })
  }
  const byId = [...users.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const { rows, page_info } = paginate(byId, ({ id }) => id, query)
  return { status: 200, body: { page_info, data: rows } }
}

function removeAccounts(
  store: PipedreamStore,
  caller: Caller,
  isGone: (account: Account) => boolean,
): SandboxResponse {
  const gone = visible(store, caller).filter(isGone)
  if (gone.length === 0) return notFound
  store.remove(gone)
  return { status: 204 }
}

/** Connects an app that needs keys without any page. */
function connectWithKeys(store: PipedreamStore, caller: Caller, { body }: SandboxRequest): SandboxResponse {
  if (caller.kind !== 'connectToken') return notFound
  const fields = objectOf(body)
  const app = store.apps.find(textOf(fields.app_slug) ?? '')
  if (app === undefined) return { status: 404, body: { error: 'App not found' } }
  if (app.authType === 'oauth') return { status: 400, body: { error: `${app.slug} needs OAuth` } }
  if (!isJsonObject(textOf(fields.cfmap_json) ?? '')) {
    return { status: 400, body: { error: 'cfmap_json must be a string that holds a JSON object' } }
  }
  const accountId = textOf(fields.account_id) ?? null
  if (accountId !== null && !visible(store, caller).some(({ id }) => id === accountId)) return notFound
  const name = textOf(fields.name) ?? null
  const account = store.connect(caller.token, { slug: app.slug, name, oauthAppId: null, accountId })
  return { status: 200, body: accountJson(store, account) }
}

function isOfApp(store: PipedreamStore, account: Account, app: string): boolean {
  return (
    account.slug === app ||
    accountAppId(store, account) === app ||
    store.apps.find(app)?.slug === account.slug
  )
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text))
  } catch {
    return false
  }
}

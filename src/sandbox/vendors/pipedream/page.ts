import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { renderIcon } from '../../icon.ts'
import { objectOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { accountJson } from './accounts.ts'
import type { PipedreamApp } from './app-list.ts'
import type { PipedreamState } from './state.ts'
import type { Account, ConnectToken } from './types.ts'

const brand: Brand = { name: 'Pipedream', accent: '#1f7a4d' }
const deniedMessage = 'The test request failed: access was not allowed.' // free text, not machine-readable

/** A valid link: its token, app and, for a reconnect, the account. */
interface OpenLink {
  readonly token: ConnectToken
  readonly app: PipedreamApp
  readonly oauthAppId: string | null
  readonly account: Account | undefined
}

/** The hosted page of `connect_link_url`, and the logos of the apps. */
export function connectPages(state: PipedreamState): Record<string, Route> {
  return {
    'GET /logos/:file': (_request, file = '') =>
      renderIcon(state.apps.find(file.replace(/\.svg$/, ''))?.name ?? ''),
    'GET /_static/connect.html': (request) => {
      const link = findOpenLink(state, request)
      return 'status' in link ? link : renderPage(link)
    },
    'POST /_static/connect.html': async (request) => {
      const link = findOpenLink(state, request)
      if ('status' in link) return link
      const { decision } = objectOf(request.body)
      if (decision === 'approve') return approve(state, link)
      return decision === 'deny' ? deny(state, link) : renderPage(link)
    },
  }
}

/** The link of the request's token, or an error page. */
function findOpenLink(state: PipedreamState, { query, now }: SandboxRequest): OpenLink | SandboxResponse {
  const token = state.connectToken(query.get('token') ?? '')
  if (token === undefined) return errorPage(404, 'Unknown link', 'This link is not known here.')
  if (token.used)
    return errorPage(410, 'Link already used', 'An account was connected with this link before.')
  if (new Date(token.expiresAt) <= now) return errorPage(410, 'Link expired', 'Request a new link.')
  const slug = query.get('app') ?? token.app
  if (slug === null || slug === '') {
    return errorPage(
      400,
      'No app chosen',
      'The link is incomplete: its creator must add &app=<name slug> to it.',
    )
  }
  const app = state.apps.find(slug)
  if (app === undefined) return errorPage(404, 'App not found', 'The link names an app that does not exist.')
  const accountId = query.get('accountId')
  const account = accountId === null ? undefined : state.account(token.environment, accountId)
  if (accountId !== null && (account?.slug !== app.slug || account.externalId !== token.externalUserId)) {
    return errorPage(404, 'Account not found', 'The account to reconnect does not exist.')
  }
  return { token, app, account, oauthAppId: query.get('oauthAppId') ?? token.oauthAppId }
}

function renderPage({ token, app, account }: OpenLink): SandboxResponse {
  return decisionPage({
    brand,
    title: `${account === undefined ? 'Connect' : 'Reconnect'} ${app.name}`,
    text: `Sandbox project requests access to an account at ${app.name}.`,
    facts: [
      ['App', app.name],
      ['User', token.externalUserId],
      ['Environment', token.environment],
    ],
    approve: 'Allow',
    deny: 'Cancel',
  })
}

async function approve(state: PipedreamState, link: OpenLink): Promise<SandboxResponse> {
  const { token, app, oauthAppId, account } = link
  const connected = state.connect(token, {
    slug: app.slug,
    name: app.authType === 'oauth' ? `${app.slug}-user@example.com` : null,
    oauthAppId,
    accountId: account?.id ?? null,
  })
  await sendWebhook(state, token, { event: 'CONNECTION_SUCCESS', account: accountJson(state, connected) })
  if (token.successRedirectUri !== null) return redirectPage(token.successRedirectUri)
  return messagePage({
    brand,
    title: `${app.name} is connected`,
    text: 'You can close this page.',
    success: true,
  })
}

async function deny(state: PipedreamState, { token, app }: OpenLink): Promise<SandboxResponse> {
  await sendWebhook(state, token, { event: 'CONNECTION_ERROR', error: deniedMessage })
  if (token.errorRedirectUri !== null) return redirectPage(token.errorRedirectUri)
  return messagePage({
    brand,
    title: 'Nothing was connected',
    text: `${app.name} was not connected.`,
    canRetry: true,
  })
}

interface Outcome {
  readonly event: 'CONNECTION_SUCCESS' | 'CONNECTION_ERROR'
  readonly account?: object
  readonly error?: string
}

async function sendWebhook(state: PipedreamState, token: ConnectToken, outcome: Outcome): Promise<void> {
  if (token.webhookUri === null) return
  const { event, ...rest } = outcome
  const head = JSON.stringify({ event, connect_token: token.token, environment: token.environment })
  // A JSON number far over 2^53, as in real webhooks: parsers that convert it to a double lose digits.
  const session = BigInt(`0x${token.token.slice('ctok_'.length)}`) | (1n << 100n)
  const tail = JSON.stringify(rest)
  const body = `${head.slice(0, -1)},"connect_session_id":${session},${tail.slice(1)}`
  await state.context.sendWebhook({ url: token.webhookUri, body })
}

function errorPage(status: number, title: string, text: string): SandboxResponse {
  return messagePage({ brand, title, text, status })
}

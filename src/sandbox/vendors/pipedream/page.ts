import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { objectOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { accountJson } from './accounts.ts'
import type { PipedreamApp } from './app-list.ts'
import type { Account, ConnectToken, PipedreamStore } from './state.ts'

const brand: Brand = { name: 'Pipedream', accent: '#1f7a4d' }
const deniedText = 'The test request failed: access was not allowed.' // free text, for people

/** What a complete link opens. */
interface Visit {
  readonly token: ConnectToken
  readonly app: PipedreamApp
  readonly oauthAppId: string | null
  readonly account: Account | undefined
}

/** The page behind `connect_link_url`. */
export function connectPages(store: PipedreamStore): Record<string, Route> {
  return {
    'GET /_static/connect.html': (request) => {
      const visit = open(store, request)
      return 'status' in visit ? visit : showCard(visit)
    },
    'POST /_static/connect.html': async (request) => {
      const visit = open(store, request)
      if ('status' in visit) return visit
      const { decision } = objectOf(request.body)
      if (decision === 'approve') return approve(store, visit)
      return decision === 'deny' ? deny(store, visit) : showCard(visit)
    },
  }
}

function open(store: PipedreamStore, { query, now }: SandboxRequest): Visit | SandboxResponse {
  const token = store.token(query.get('token') ?? '')
  if (token === undefined) return dead(404, 'Unknown link', 'This link is not known here.')
  if (token.used) return dead(410, 'Link already used', 'An account was connected with this link before.')
  if (new Date(token.expiresAt) <= now) return dead(410, 'Link expired', 'Ask for a new link.')
  const slug = query.get('app') ?? token.app
  if (slug === null || slug === '') {
    return dead(400, 'No app chosen', 'The link is incomplete: its maker has to add &app=<name slug> to it.')
  }
  const app = store.apps.find(slug)
  if (app === undefined) return dead(404, 'App not found', 'The link names an app that does not exist.')
  const wanted = query.get('accountId')
  const account = wanted === null ? undefined : store.account(token.environment, wanted)
  if (wanted !== null && (account?.slug !== app.slug || account.externalId !== token.externalUserId)) {
    return dead(404, 'Account not found', 'The account to connect anew does not exist.')
  }
  return { token, app, account, oauthAppId: query.get('oauthAppId') ?? token.oauthAppId }
}

function showCard({ token, app, account }: Visit): SandboxResponse {
  return decisionPage({
    brand,
    title: `${account === undefined ? 'Connect' : 'Reconnect'} ${app.name}`,
    text: `Sandbox project asks for access to an account at ${app.name}.`,
    facts: [
      ['App', app.name],
      ['User', token.externalUserId],
      ['Environment', token.environment],
    ],
    approve: 'Allow',
    deny: 'Cancel',
  })
}

async function approve(store: PipedreamStore, visit: Visit): Promise<SandboxResponse> {
  const { token, app, oauthAppId, account } = visit
  const made = store.connect(token, {
    slug: app.slug,
    name: app.authType === 'oauth' ? `${app.slug}-user@example.com` : null,
    oauthAppId,
    accountId: account?.id ?? null,
  })
  await report(store, token, { event: 'CONNECTION_SUCCESS', account: accountJson(store, made) })
  if (token.successRedirectUri !== null) return redirectPage(token.successRedirectUri)
  return messagePage({
    brand,
    title: `${app.name} is connected`,
    text: 'You can close this page.',
    good: true,
  })
}

async function deny(store: PipedreamStore, { token, app }: Visit): Promise<SandboxResponse> {
  await report(store, token, { event: 'CONNECTION_ERROR', error: deniedText })
  if (token.errorRedirectUri !== null) return redirectPage(token.errorRedirectUri)
  return messagePage({ brand, title: 'Nothing was connected', text: `${app.name} was not connected.` })
}

interface Outcome {
  readonly event: 'CONNECTION_SUCCESS' | 'CONNECTION_ERROR'
  readonly account?: object
  readonly error?: string
}

async function report(store: PipedreamStore, token: ConnectToken, outcome: Outcome): Promise<void> {
  if (token.webhookUri === null) return
  const { event, ...rest } = outcome
  const head = JSON.stringify({ event, connect_token: token.token, environment: token.environment })
  // A bare JSON number far over 2^53, as in real deliveries: parsers that make a double of it lose digits.
  const session = BigInt(`0x${token.token.slice('ctok_'.length)}`) | (1n << 100n)
  const tail = JSON.stringify(rest)
  const body = `${head.slice(0, -1)},"connect_session_id":${session},${tail.slice(1)}`
  await store.world.deliver({ url: token.webhookUri, body })
}

function dead(status: number, title: string, text: string): SandboxResponse {
  return messagePage({ brand, title, text, status })
}

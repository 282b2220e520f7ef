import { createHmac } from 'node:crypto'
import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { JsonObject } from '../../json.ts'
import { objectOf, textOf } from '../../json.ts'
import { createRouter, type Router } from '../../router.ts'
import { isTrue } from './connection.ts'
import { failSetup, passSetup } from './setup.ts'
import type { ConnectCard, Connection, Ledger } from './state.ts'
import type { Emit } from './webhooks.ts'

const brand: Brand = { name: 'Fivetran', accent: '#0059d6' }
// One day, counted from the token's iat: fivetran.com/docs/rest-api/api-reference/connections/connect-card
const lifetimeMs = 24 * 60 * 60 * 1000

export interface CardRequest {
  /** Absent for the old bare tokens. */
  readonly config?: {
    readonly redirectUri: string
    readonly hideSetupGuide: boolean
    readonly allFields?: boolean
  }
  readonly now: Date
}

/** Mints a Connect Card for a connection; several may be open at a time. */
export function mintCard(ledger: Ledger, connection: Connection, { config, now }: CardRequest): ConnectCard {
  const token = signToken(connection, now)
  // The redirect URI stands in the address as it was given, not percent-encoded: that is how Fivetran writes it.
  const redirect = config === undefined ? '' : `redirect_uri=${config.redirectUri}&`
  const hide = config?.hideSetupGuide === true ? '&hide_setup_guide=true' : ''
  const card: ConnectCard = {
    token,
    uri: ledger.world.pageLink(`/fivetran/connect-card/setup?${redirect}auth=${token}${hide}`),
    redirectUri: config?.redirectUri ?? null,
    config: config === undefined ? null : shownConfig(config),
    issuedAt: now.toISOString(),
    used: false,
  }
  connection.cards.push(card)
  return card
}

/** Reads `connect_card_config`; a text says what is wrong with it. */
export function readCardConfig(given: JsonObject): NonNullable<CardRequest['config']> | string {
  const redirectUri = textOf(given.redirect_uri)
  if (redirectUri === undefined) return "Field 'redirect_uri' is required"
  if (!/^https?:\/\/\S+$/i.test(redirectUri))
    return "Field 'redirect_uri' must start with http:// or https://"
  const allFields = given.all_fields === undefined ? {} : { allFields: isTrue(given.all_fields) }
  return { redirectUri, hideSetupGuide: isTrue(given.hide_setup_guide), ...allFields }
}

function shownConfig({
  redirectUri,
  hideSetupGuide,
  allFields,
}: NonNullable<CardRequest['config']>): JsonObject {
  const shown = { redirect_uri: redirectUri, hide_setup_guide: hideSetupGuide }
  return allFields === undefined ? shown : { ...shown, all_fields: allFields }
}

/** HS256 with the claims of published cards; there is no `exp` among them. */
function signToken(connection: Connection, now: Date): string {
  const claims = {
    d: {
      login: true,
      user: 'sandbox_user',
      account: 'sandbox_account',
      group: connection.group_id,
      connector: connection.id,
      method: 'PbfCard',
      identity: false,
    },
    iat: Math.floor(now.getTime() / 1000),
  }
  const signed = [{ typ: 'JWT', alg: 'HS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${createHmac('sha256', 'sandbox').update(signed).digest('base64url')}`
}

/** The Connect Card as the end user sees it. */
export function createCardPages(ledger: Ledger, emit: Emit): Router {
  const show = (request: SandboxRequest) => {
    const opened = openCard(ledger, request)
    return 'status' in opened ? opened : cardOf(ledger, opened.connection)
  }
  const decide = (request: SandboxRequest) => {
    const opened = openCard(ledger, request)
    if ('status' in opened) return opened
    const { connection, card } = opened
    if (objectOf(request.body).decision !== 'approve') {
      failSetup(connection, 'Access was denied on the Connect Card')
      emit('connection_failure', connection)
      return cardOf(ledger, connection)
    }
    card.used = true
    passSetup(connection, request.now)
    emit('connection_successful', connection)
    // Only a success leads back, and nothing is appended to the address: …/connect-card
    const target = card.redirectUri ?? request.query.get('redirect_uri')
    return target === null ? finished : redirectPage(target)
  }
  return createRouter({
    'GET /connect-card/setup': (request) => framed(show(request)),
    'POST /connect-card/setup': (request) => framed(decide(request)),
    'GET /icons/:service': (_request, service) => iconOf(ledger, service),
  })
}

function openCard(ledger: Ledger, request: SandboxRequest) {
  const token = request.query.getAll('auth').at(-1) ?? ''
  const connection = ledger.state().connections.find((one) => one.cards.some((card) => card.token === token))
  const card = connection?.cards.findLast((one) => one.token === token)
  if (connection === undefined || card === undefined) return deadEnd(404, 'This Connect Card does not exist')
  if (card.used) return deadEnd(410, 'This Connect Card was already used')
  if (request.now.getTime() >= tokenTime(card) + lifetimeMs)
    return deadEnd(410, 'This Connect Card has expired')
  return { connection, card }
}

function tokenTime({ issuedAt }: ConnectCard): number {
  return Math.floor(Date.parse(issuedAt) / 1000) * 1000
}

function cardOf(ledger: Ledger, connection: Connection): SandboxResponse {
  const name = ledger.service(connection.service)?.name ?? connection.service
  const group = ledger.state().groups.find(({ id }) => id === connection.group_id)?.name
  const failed = connection.setupTests.filter(({ status }) => status === 'FAILED')
  return decisionPage({
    brand,
    title: `Connect ${name}`,
    text: `Allow Fivetran to read your ${name} data and load it into the destination below.`,
    facts: [
      ['Connector', name],
      ['Destination', group ?? connection.group_id],
      ['Schema', connection.schema],
    ],
    problems: failed.map(
      ({ title, message }) => `${title}: ${message}. Nothing was connected; you can try again.`,
    ),
    approve: 'Save & test',
    deny: 'Deny access',
  })
}

const finished = messagePage({
  brand,
  title: 'Setup tests passed',
  text: 'The connection is ready. You can close this window.',
  good: true,
})

function deadEnd(status: number, title: string): SandboxResponse & { readonly status: number } {
  return messagePage({ brand, status, title, text: 'Please ask whoever sent you here for a new link.' })
}

/** Never inside a foreign frame: fivetran.com/docs/rest-api/troubleshooting/connect-card-in-iframe */
function framed(page: SandboxResponse): SandboxResponse {
  return { ...page, headers: { ...page.headers, 'x-frame-options': 'SAMEORIGIN' } }
}

function iconOf(ledger: Ledger, key: string): SandboxResponse {
  const letter = (ledger.service(key.replace(/\.svg$/, ''))?.name ?? '')
    .match(/[a-z0-9]/i)?.[0]
    ?.toUpperCase()
  if (letter === undefined) return { status: 404 }
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" \
fill="${brand.accent}"/><text x="20" y="27" font-family="sans-serif" font-size="20" text-anchor="middle" \
fill="#fff">${letter}</text></svg>`
  return { status: 200, headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=86400' }, body }
}

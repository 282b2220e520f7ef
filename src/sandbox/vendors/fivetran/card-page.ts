import { createHmac } from 'node:crypto'
import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { renderIcon } from '../../icon.ts'
import type { JsonObject } from '../../json.ts'
import { objectOf, textOf } from '../../json.ts'
import { createRouter, type Router } from '../../router.ts'
import { isTrue } from './connection.ts'
import { failSetup, passSetup } from './setup.ts'
import type { ConnectCard, Connection, FivetranState } from './state.ts'
import type { Emit } from './webhooks.ts'

const brand: Brand = { name: 'Fivetran', accent: '#0059d6' }
// One day from the token's `iat`: fivetran.com/docs/rest-api/api-reference/connections/connect-card
const lifetimeMs = 24 * 60 * 60 * 1000

export interface CardRequest {
  /** Absent for tokens of the old `connect-card-token` endpoint. */
  readonly config?: {
    readonly redirectUri: string
    readonly hideSetupGuide: boolean
    readonly allFields?: boolean
  }
  readonly now: Date
}

/** Creates a Connect Card for a connection; a connection can have several open cards. */
export function createCard(
  state: FivetranState,
  connection: Connection,
  { config, now }: CardRequest,
): ConnectCard {
  const token = signToken(connection, now)
  // Fivetran puts the redirect URI into the card's URL unchanged, not percent-encoded.
  const redirect = config === undefined ? '' : `redirect_uri=${config.redirectUri}&`
  const hide = config?.hideSetupGuide === true ? '&hide_setup_guide=true' : ''
  const card: ConnectCard = {
    token,
    uri: state.context.pageUrl(`/fivetran/connect-card/setup?${redirect}auth=${token}${hide}`),
    redirectUri: config?.redirectUri ?? null,
    config: config === undefined ? null : cardConfigJson(config),
    issuedAt: now.toISOString(),
    used: false,
  }
  connection.cards.push(card)
  return card
}

/** Validates `connect_card_config`. Returns an error message (a string) when it is invalid. */
export function readCardConfig(fields: JsonObject): NonNullable<CardRequest['config']> | string {
  const redirectUri = textOf(fields.redirect_uri)
  if (redirectUri === undefined) return "Field 'redirect_uri' is required"
  if (!/^https?:\/\/\S+$/i.test(redirectUri))
    return "Field 'redirect_uri' must start with http:// or https://"
  const allFields = fields.all_fields === undefined ? {} : { allFields: isTrue(fields.all_fields) }
  return { redirectUri, hideSetupGuide: isTrue(fields.hide_setup_guide), ...allFields }
}

function cardConfigJson({
  redirectUri,
  hideSetupGuide,
  allFields,
}: NonNullable<CardRequest['config']>): JsonObject {
  const json = { redirect_uri: redirectUri, hide_setup_guide: hideSetupGuide }
  return allFields === undefined ? json : { ...json, all_fields: allFields }
}

/** Signs (HS256) the claims of published cards; these have no `exp`. */
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

/** The hosted pages of the Connect Card, and the service icons. */
export function createCardPages(state: FivetranState, emit: Emit): Router {
  const show = (request: SandboxRequest) => {
    const found = findOpenCard(state, request)
    return 'status' in found ? found : renderCard(state, found.connection)
  }
  const decide = (request: SandboxRequest) => {
    const found = findOpenCard(state, request)
    if ('status' in found) return found
    const { connection, card } = found
    if (objectOf(request.body).decision !== 'approve') {
      failSetup(connection, 'Access was denied on the Connect Card')
      emit('connection_failure', connection)
      return renderCard(state, connection)
    }
    card.used = true
    passSetup(connection, request.now)
    emit('connection_successful', connection)
    // Fivetran redirects after a success only, and appends nothing to the URI: …/connect-card
    const target = card.redirectUri ?? request.query.get('redirect_uri')
    return target === null ? successPage : redirectPage(target)
  }
  return createRouter({
    'GET /connect-card/setup': (request) => withFrameOptions(show(request)),
    'POST /connect-card/setup': (request) => withFrameOptions(decide(request)),
    'GET /icons/:service': (_request, file) => renderIcon(state.service(serviceOf(file))?.name ?? ''),
  })
}

/** The card of the `auth` token and its connection, or an error page. */
function findOpenCard(state: FivetranState, request: SandboxRequest) {
  const token = request.query.getAll('auth').at(-1) ?? ''
  const connection = state.data().connections.find((one) => one.cards.some((card) => card.token === token))
  const card = connection?.cards.findLast((one) => one.token === token)
  if (connection === undefined || card === undefined)
    return errorPage(404, 'This Connect Card does not exist')
  if (card.used) return errorPage(410, 'This Connect Card was already used')
  if (request.now.getTime() >= issuedAtMs(card) + lifetimeMs)
    return errorPage(410, 'This Connect Card has expired')
  return { connection, card }
}

/** The time of the token's `iat`: whole seconds. */
function issuedAtMs({ issuedAt }: ConnectCard): number {
  return Math.floor(Date.parse(issuedAt) / 1000) * 1000
}

function renderCard(state: FivetranState, connection: Connection): SandboxResponse {
  const name = state.service(connection.service)?.name ?? connection.service
  const group = state.data().groups.find(({ id }) => id === connection.group_id)?.name
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

const successPage = messagePage({
  brand,
  title: 'Setup tests passed',
  text: 'The connection is ready. You can close this window.',
  success: true,
})

function errorPage(status: number, title: string): SandboxResponse & { readonly status: number } {
  return messagePage({
    brand,
    status,
    title,
    text: 'Please request a new link from the application that sent you here.',
  })
}

/** The card cannot be framed by another origin: fivetran.com/docs/rest-api/troubleshooting/connect-card-in-iframe */
function withFrameOptions(page: SandboxResponse): SandboxResponse {
  return { ...page, headers: { ...page.headers, 'x-frame-options': 'SAMEORIGIN' } }
}

const serviceOf = (file = '') => file.replace(/\.svg$/, '')

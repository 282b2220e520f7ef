import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { objectOf } from '../../json.ts'
import { createRouter, type Router } from '../../router.ts'
import { groupOf } from './links.ts'
import type { CensusState, ConnectLink } from './state.ts'

const brand: Brand = { name: 'Census', accent: '#5b3fc4' }

/** The hosted page of a connect link. */
export function createLinkPages(state: CensusState): Router {
  return createRouter({
    'GET /pbc': (request) => {
      const link = findOpenLink(state, request)
      return 'status' in link ? link : renderPage(state, link)
    },
    'POST /pbc': (request) => {
      const link = findOpenLink(state, request)
      if ('status' in link) return link
      return objectOf(request.body).decision === 'approve' ? approve(state, link, request.now) : deniedPage
    },
  })
}

/** The link of the `auth` token, or an error page. */
function findOpenLink(
  state: CensusState,
  { query, now }: SandboxRequest,
): ConnectLink | (SandboxResponse & { status: number }) {
  const auth = query.get('auth')
  const link = state.data().links.find((one) => one.auth === auth)
  if (link === undefined) return errorPage(404, 'This connect link does not exist')
  if (link.revoked) return errorPage(410, 'This connect link was revoked')
  if (link.used) return errorPage(410, 'This connect link was already used')
  if (now >= new Date(link.expiration)) return errorPage(410, 'This connect link has expired')
  const isConnectionDeleted = link.reauthorises && connectionOf(state, link) === undefined
  return isConnectionDeleted ? errorPage(410, 'The connection of this link was deleted') : link
}

function connectionOf(state: CensusState, { kind, connectionId }: ConnectLink) {
  return connectionId === null ? undefined : state.connectionToChange(kind, connectionId)
}

function approve(state: CensusState, link: ConnectLink, now: Date): SandboxResponse {
  const connection = connectionOf(state, link) ?? state.addConnection(link.kind, link.type, now)
  connection.testSucceeded = true
  connection.testedAt = now.toISOString()
  link.connectionId = connection.id
  link.used = true
  // No parameters are appended to the URI: none are documented.
  return link.redirectUri === null ? connectedPage : redirectPage(link.redirectUri)
}

function renderPage(state: CensusState, link: ConnectLink): SandboxResponse {
  const name = state.type(link.kind, link.type)?.label ?? link.type
  const purpose = link.kind === 'source' ? `read data from ${name}` : `send data to ${name}`
  return decisionPage({
    brand,
    title: `${link.reauthorises ? 'Reconnect' : 'Connect'} ${name}`,
    text: `Census requests permission to ${purpose}.`,
    facts: [
      ['Connector', name],
      link.kind === 'activation' ? ['Group', groupOf(state.context)] : ['Workspace', 'Sandbox'],
    ],
    approve: 'Allow',
    deny: 'Deny',
  })
}

const connectedPage = messagePage({
  brand,
  title: 'Connected',
  text: 'Census can now access the account. You can close this window.',
  success: true,
})

const deniedPage = messagePage({
  brand,
  title: 'Nothing was connected',
  text: 'You can try again if you change your mind.',
  canRetry: true,
})

function errorPage(status: number, title: string): SandboxResponse {
  return messagePage({
    brand,
    status,
    title,
    text: 'Please request a new link from the application that sent you here.',
  })
}

import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { objectOf } from '../../json.ts'
import { createRouter, type Router } from '../../router.ts'
import { sandboxGroup } from './links.ts'
import type { ConnectLink, Ledger } from './state.ts'

const brand: Brand = { name: 'Census', accent: '#5b3fc4' }

/** The page behind a connect link. */
export function createLinkPages(ledger: Ledger): Router {
  return createRouter({
    'GET /pbc': (request) => {
      const link = openLink(ledger, request)
      return 'status' in link ? link : pageOf(ledger, link)
    },
    'POST /pbc': (request) => {
      const link = openLink(ledger, request)
      if ('status' in link) return link
      return objectOf(request.body).decision === 'approve' ? approve(ledger, link, request.now) : denied
    },
  })
}

function openLink(
  ledger: Ledger,
  { query, now }: SandboxRequest,
): ConnectLink | (SandboxResponse & { status: number }) {
  const auth = query.get('auth')
  const link = ledger.state().links.find((one) => one.auth === auth)
  if (link === undefined) return deadEnd(404, 'This connect link does not exist')
  if (link.revoked) return deadEnd(410, 'This connect link was revoked')
  if (link.used) return deadEnd(410, 'This connect link was already used')
  if (now >= new Date(link.expiration)) return deadEnd(410, 'This connect link has expired')
  const lost = link.reauthorises && connectionOf(ledger, link) === undefined
  return lost ? deadEnd(410, 'The connection of this link was deleted') : link
}

function connectionOf(ledger: Ledger, { kind, connectionId }: ConnectLink) {
  return connectionId === null ? undefined : ledger.connectionToChange(kind, connectionId)
}

function approve(ledger: Ledger, link: ConnectLink, now: Date): SandboxResponse {
  const known = connectionOf(ledger, link)
  const connection = known ?? ledger.addConnection(link.kind, link.type, now)
  connection.testSucceeded = true
  connection.testedAt = now.toISOString()
  link.connectionId = connection.id
  link.used = true
  // Nothing is appended to the address: no parameters are documented.
  return link.redirectUri === null ? finished : redirectPage(link.redirectUri)
}

function pageOf(ledger: Ledger, link: ConnectLink): SandboxResponse {
  const name = ledger.type(link.kind, link.type)?.label ?? link.type
  const purpose = link.kind === 'source' ? `read data from ${name}` : `send data to ${name}`
  return decisionPage({
    brand,
    title: `${link.reauthorises ? 'Reconnect' : 'Connect'} ${name}`,
    text: `Census asks for permission to ${purpose}.`,
    facts: [
      ['Connector', name],
      link.kind === 'activation' ? ['Group', sandboxGroup] : ['Workspace', 'Sandbox'],
    ],
    approve: 'Allow',
    deny: 'Deny',
  })
}

const finished = messagePage({
  brand,
  title: 'Connected',
  text: 'Census has what it needs. You can close this window.',
  good: true,
})

const denied = messagePage({
  brand,
  title: 'Nothing was connected',
  text: 'You can open the link again if you change your mind.',
})

function deadEnd(status: number, title: string): SandboxResponse {
  return messagePage({ brand, status, title, text: 'Please ask whoever sent you here for a new link.' })
}

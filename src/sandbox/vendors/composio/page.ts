import { type Brand, decisionPage, messagePage, redirectPage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { renderIcon } from '../../icon.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import type { Account, ComposioState, Link } from './state.ts'
import type { Toolkit } from './toolkit-list.ts'
import { initiationFields } from './toolkits.ts'

const brand: Brand = { name: 'Composio', accent: '#3b3b98' }

interface OpenLink {
  readonly link: Link
  readonly account: Account
  readonly toolkit: Toolkit
}

/** The hosted page of a link, and the logos of the toolkits. */
export function linkPages(state: ComposioState): Record<string, Route> {
  return {
    'GET /logos/:file': (_request, file = '') =>
      renderIcon(state.toolkits.find(file.replace(/\.svg$/, ''))?.name ?? ''),
    'GET /link/:token': (request, token = '') => {
      const open = findOpenLink(state, token, request)
      return 'status' in open ? open : renderPage(open)
    },
    'POST /link/:token': (request, token = '') => {
      const open = findOpenLink(state, token, request)
      if ('status' in open) return open
      const { decision } = objectOf(request.body)
      if (decision === 'approve') return approve(open, request)
      return decision === 'deny' ? deny(open, request) : renderPage(open)
    },
  }
}

/** The link and its account, or an error page. */
function findOpenLink(
  state: ComposioState,
  token: string,
  { now }: SandboxRequest,
): OpenLink | SandboxResponse {
  const link = state.data().links.find((one) => one.token === token)
  const account = link && state.accountToChange(link.accountId)
  const toolkit = account && state.toolkits.find(account.toolkit)
  if (link === undefined || account === undefined || toolkit === undefined)
    return errorPage(404, 'Unknown link', 'This link is not known here.')
  if (link.used) return errorPage(410, 'Link already used', 'An account was connected with this link before.')
  if (new Date(link.expiresAt) <= now) return errorPage(410, 'Link expired', 'Request a new link.')
  return { link, account, toolkit }
}

function renderPage({ link, account, toolkit }: OpenLink, problems: readonly string[] = []): SandboxResponse {
  const { name } = toolkit
  return decisionPage({
    brand,
    title: `${link.isRefresh ? 'Reconnect' : 'Connect'} ${name}`,
    text: `Sandbox project requests access to an account at ${name}.`,
    facts: [
      ['Toolkit', name],
      ['User', account.userId],
    ],
    fields: initiationFields(toolkit).required.map(({ name: key, displayName }) => ({
      name: key,
      label: displayName,
      value: link.connectionData[key] ?? '',
    })),
    problems,
    approve: 'Allow',
    deny: 'Cancel',
  })
}

function approve(open: OpenLink, { body, now }: SandboxRequest): SandboxResponse {
  const { link, account, toolkit } = open
  const empty = initiationFields(toolkit).required.filter(({ name }) => !textOf(objectOf(body)[name])?.trim())
  if (empty.length > 0)
    return renderPage(
      open,
      empty.map(({ displayName }) => `${displayName} is required.`),
    )
  link.used = true
  account.status = 'ACTIVE'
  account.statusReason = null
  account.updatedAt = now.toISOString()
  return finish(open, 'success', {
    title: `${toolkit.name} is connected`,
    text: 'You can close this page.',
    success: true,
  })
}

function deny(open: OpenLink, { now }: SandboxRequest): SandboxResponse {
  const { account, toolkit } = open
  account.status = 'FAILED'
  account.statusReason = 'OAuth callback failed during token exchange'
  account.updatedAt = now.toISOString()
  return finish(open, 'failed', {
    title: 'Nothing was connected',
    text: `${toolkit.name} was not connected.`,
    canRetry: true,
  })
}

/** Returns to the caller in both cases. The names of the parameters differ between the two flows, as in reality. */
function finish(
  { link, account }: OpenLink,
  result: 'success' | 'failed',
  message: Omit<Parameters<typeof messagePage>[0], 'brand'>,
): SandboxResponse {
  if (link.callbackUrl === null) return messagePage({ brand, ...message })
  const parameters = link.isRefresh
    ? { status: result, connectedAccountId: account.id }
    : { status: result, connected_account_id: account.id }
  const separator = link.callbackUrl.includes('?') ? '&' : '?'
  return redirectPage(`${link.callbackUrl}${separator}${new URLSearchParams(parameters)}`)
}

function errorPage(status: number, title: string, text: string): SandboxResponse {
  return messagePage({ brand, title, text, status })
}

import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Route } from '../../router.ts'
import { visibleAccounts } from './accounts.ts'
import { notFound } from './apps.ts'
import { type Caller, inProject } from './callers.ts'
import type { PipedreamState } from './state.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Requests to an application with the credentials of an account. There is no application: the answer repeats the request. */
export function proxyRoutes(state: PipedreamState): Record<string, Route> {
  const proxy = inProject(state, ['oauth', 'connectToken'], (caller, request, url = '') =>
    send(state, caller, { request, url: Buffer.from(url, 'base64').toString() }),
  )
  return Object.fromEntries(methods.map((method) => [`${method} /v1/connect/:project/proxy/:url`, proxy]))
}

function send(
  state: PipedreamState,
  caller: Caller,
  { request, url }: { readonly request: SandboxRequest; readonly url: string },
): SandboxResponse {
  const { method, query } = request
  const account = visibleAccounts(state, caller).find(
    ({ id, externalId }) => id === query.get('account_id') && externalId === query.get('external_user_id'),
  )
  if (account === undefined) return notFound
  if (!URL.canParse(url)) return { status: 400, body: { error: 'the URL must be encoded as base64' } }
  return { status: 200, body: { method, url, app: account.slug } }
}

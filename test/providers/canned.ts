import { onTestFinished } from 'vitest'
import { createHttp } from '../../src/http/client.ts'
import type {
  AdapterLink,
  LinkRequest,
  ProviderAdapter,
  RemoteReference,
} from '../../src/providers/adapter.ts'
import type { Environment, ProviderDefinition } from '../../src/providers/definition.ts'
import { listen } from '../helpers/listen.ts'
import { keptLog } from '../helpers/log.ts'
import { firstAttempt } from './open.ts'

/** Answers by method and path without query: a body for HTTP 200, or one with another status. */
export type Canned = Readonly<Record<string, unknown>>

export const status = (code: number, body?: unknown, headers: Record<string, string> = {}) => ({
  code,
  body,
  headers,
})

const isStatus = (value: unknown): value is ReturnType<typeof status> =>
  typeof value === 'object' && value !== null && 'headers' in value && 'code' in value

/** An adapter whose provider is a list of canned answers; anything else is answered 404. */
export async function cannedProvider(
  definition: ProviderDefinition,
  answers: Canned,
  variables: Environment = {},
): Promise<ProviderAdapter> {
  const { origin } = await listen((request, response) => {
    const path = request.url?.split('?')[0]
    const found = answers[`${request.method} ${path}`] ?? status(404, {})
    const { code, body, headers } = isStatus(found) ? found : status(200, found)
    response.writeHead(code, headers)
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
  const http = createHttp({ log: keptLog().log, deadlineMs: 5_000 })
  onTestFinished(() => http.close())
  const pointed = Object.fromEntries(
    Object.entries({ ...definition.sandboxVariables(origin, variables), ...variables }).map(
      ([name, value]) => [name, name.endsWith('_BASE_URL') ? origin : value],
    ),
  )
  const read = definition.parseSettings(pointed)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const now = () => new Date('2026-11-22T12:00:00Z')
  return read.bind({ http: http.client, now, sandbox: false, trustedOrigins: [] }).adapter
}

export const linkRequest = (wish: Partial<LinkRequest<unknown>>): LinkRequest<unknown> => ({
  linkId: 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f',
  connectorKey: 'connector',
  connectorName: null,
  direction: 'TOOL',
  endUser: { id: 'user-1', name: null, email: null },
  redirectUri: 'https://app.example.com/return',
  errorRedirectUri: 'https://app.example.com/failed',
  webhookUri: null,
  attempt: firstAttempt(new Date('2026-11-22T12:00:00Z')),
  expiresInSeconds: null,
  options: {},
  ...wish,
})

export const reference = (wish: Partial<RemoteReference>): RemoteReference => ({
  remoteId: '1',
  direction: 'TOOL',
  connectorKey: 'connector',
  ...wish,
})

export const openLink = (wish: Partial<AdapterLink>): AdapterLink => ({
  purpose: 'CONNECT',
  event: null,
  linkId: 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f',
  connectorKey: 'connector',
  connectorName: null,
  direction: 'TOOL',
  endUserId: 'user-1',
  remoteLinkId: null,
  remoteGroup: null,
  remoteConnectionId: null,
  providerState: null,
  createdAt: new Date('2026-11-22T11:00:00Z'),
  ...wish,
})

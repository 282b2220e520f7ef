import { onTestFinished } from 'vitest'
import { createHttp } from '../../src/http/client.ts'
import type {
  LinkRequest,
  ProviderAdapter,
  RemoteReference,
  RevocableLink,
} from '../../src/providers/adapter.ts'
import type { Environment, ProviderDefinition } from '../../src/providers/definition.ts'
import { listen } from '../helpers/listen.ts'
import { createTestLog } from '../helpers/log.ts'
import { firstAttempt } from './open.ts'

/** Responses by method and path without query: a body for HTTP 200, a function that returns it, or the result of `status`. */
export type Canned = Readonly<Record<string, unknown>>

export const status = (code: number, body?: unknown, headers: Record<string, string> = {}) => ({
  code,
  body,
  headers,
})

const isStatus = (value: unknown): value is ReturnType<typeof status> =>
  typeof value === 'object' && value !== null && 'headers' in value && 'code' in value

/** An adapter whose provider returns canned responses; other requests get 404. */
export async function cannedProvider(
  definition: ProviderDefinition,
  responses: Canned,
  variables: Environment = {},
): Promise<ProviderAdapter> {
  const { origin } = await listen((request, response) => {
    const path = request.url?.split('?')[0]
    const canned = responses[`${request.method} ${path}`] ?? status(404, {})
    const answer = typeof canned === 'function' ? canned() : canned
    const { code, body, headers } = isStatus(answer) ? answer : status(200, answer)
    response.writeHead(code, headers)
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
  const { log } = createTestLog()
  const http = createHttp({ now: () => new Date(), log, deadlineMs: 5_000 })
  onTestFinished(() => http.close())
  const environment = Object.fromEntries(
    Object.entries({ ...definition.sandboxVariables(origin, variables), ...variables }).map(
      ([name, value]) => [name, name.endsWith('_BASE_URL') ? origin : value],
    ),
  )
  const settings = definition.parseSettings(environment)
  if (!settings.ok) throw new Error(JSON.stringify(settings.problems))
  const now = () => new Date('2026-11-22T12:00:00Z')
  return settings.bind({
    http: http.client,
    log,
    now,
    toGatewayTime: () => null,
    sandbox: false,
    trustedOrigins: [],
  }).adapter
}

export const linkRequest = (overrides: Partial<LinkRequest<unknown>>): LinkRequest<unknown> => ({
  linkId: 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f',
  connectorKey: 'connector',
  connectorName: null,
  connectionHint: null,
  direction: 'TOOL',
  endUser: { id: 'user-1', name: null, email: null },
  organizationId: null,
  redirectUri: 'https://app.example.com/return',
  errorRedirectUri: 'https://app.example.com/failed',
  webhookUri: null,
  attempt: firstAttempt(new Date('2026-11-22T12:00:00Z')),
  expiresInSeconds: null,
  options: {},
  ...overrides,
})

export const reference = (overrides: Partial<RemoteReference>): RemoteReference => ({
  remoteId: '1',
  direction: 'TOOL',
  connectorKey: 'connector',
  ...overrides,
})

export const openLink = (overrides: Partial<RevocableLink>): RevocableLink => ({
  purpose: 'CONNECT',
  event: null,
  returnedAt: null,
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
  url: null,
  ...overrides,
})

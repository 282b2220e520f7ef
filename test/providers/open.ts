import { inspect } from 'node:util'
import { onTestFinished } from 'vitest'
import { createHttp } from '../../src/http/client.ts'
import { backgroundWork } from '../../src/http/http-types.ts'
import { createProviderClocks } from '../../src/http/provider-clocks.ts'
import type {
  Attempt,
  Capabilities,
  LinkOutcome,
  LinkRequest,
  RemoteConnection,
  RemoteConnector,
  RemoteLink,
  RemoteReference,
  RevocableLink,
} from '../../src/providers/adapter.ts'
import type { BoundProvider, Environment, ProviderDefinition } from '../../src/providers/definition.ts'
import type { Page, SkippedRow } from '../../src/providers/rows.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { createTestLog } from '../helpers/log.ts'
import { openSandbox } from '../sandbox/open.ts'
import { decide } from './decide.ts'

export interface ProviderSetup {
  readonly definition: ProviderDefinition
  /** Variables in addition to those that point at the sandbox. */
  readonly environment?: Environment
  /** Values of link requests that a test does not override. */
  readonly linkDefaults: Pick<LinkRequest<unknown>, 'connectorKey' | 'connectorName' | 'direction'>
}

/** An HTTP request recorded by the sandbox. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of different types
  readonly body: any
}

export interface Fault {
  readonly method?: string
  readonly path?: string
  readonly times?: number
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly kind?: 'reset' | 'truncate' | 'html' | 'slow'
}

export interface TestProvider extends BoundProvider {
  readonly sandbox: Sandbox
  readonly capabilities: Capabilities
  readonly now: () => Date
  advance(seconds: number): void
  /** Sets the HTTP deadline to 100 ms. */
  shortenDeadline(): void
  fault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  requests(): Promise<readonly RecordedRequest[]>
  clearRequests(): Promise<void>
  createLink(overrides?: Partial<LinkRequest<unknown>>): Promise<LinkOutcome>
  /** Creates a link. Throws if it is connected immediately. */
  openLink(overrides?: Partial<LinkRequest<unknown>>): Promise<RemoteLink & { readonly link: RevocableLink }>
  /** Creates a link that reauthorizes a connection. */
  reconnect(
    connection: RemoteReference,
    overrides?: Partial<LinkRequest<unknown>>,
  ): Promise<RemoteLink & { readonly link: RevocableLink }>
  /** Withdraws a connection's authorization at the provider. */
  breakConnection(id: string, options?: Record<string, unknown>): Promise<void>
  /** Submits a hosted page. */
  decide(url: string, decision: 'approve' | 'deny', fields?: Record<string, string>): Promise<Response>
  connectors(): Promise<readonly RemoteConnector[]>
  connections(groups?: readonly string[]): Promise<readonly RemoteConnection[]>
  /** All log output. */
  logged(): string
}

export const call = backgroundWork()

/**
 * Opens one provider's adapter over real HTTP against its own sandbox. Both share a clock that only `advance`
 * moves. `proxy`: starts a proxy of the sandbox's API and returns its URL.
 */
export async function openProvider(
  setup: ProviderSetup,
  sandboxOptions: SandboxOptions = {},
  proxy = async (sandbox: URL): Promise<URL> => sandbox,
): Promise<TestProvider> {
  const clock = { at: Date.parse('2026-11-22T12:00:00Z') }
  const now = () => new Date(clock.at)
  const sandbox = await openSandbox({ clock: { now }, ...sandboxOptions })
  const control = (method: string, path: string, body?: unknown) =>
    sandbox.request(method, `/__sandbox/${path}`, { body })

  const { definition, environment = {} } = setup
  const variables = {
    ...environment,
    ...definition.sandboxVariables((await proxy(sandbox.url)).origin, environment, sandbox.url.origin),
  }
  const settings = definition.parseSettings(variables)
  if (!settings.ok) throw new Error(`invalid sandbox variables: ${inspect(settings.problems)}`)

  const { log, text } = createTestLog()
  const deadline = { ms: 10_000 }
  const clocks = createProviderClocks()
  const http = createHttp({
    now,
    onResponse: (sample) => clocks.observe(definition.key, sample),
    log,
    get deadlineMs() {
      return deadline.ms
    },
  })
  onTestFinished(() => http.close())
  const bound = settings.bind({
    http: http.client,
    log,
    now,
    toGatewayTime: (at) => clocks.toGatewayTime(definition.key, at),
    sandbox: true,
    trustedOrigins: [sandbox.url.origin],
  })

  const request = (overrides: Partial<LinkRequest<unknown>>): LinkRequest<unknown> => ({
    linkId: crypto.randomUUID(),
    endUser: { id: 'user-1', name: 'Ada Lovelace', email: null },
    organizationId: null,
    redirectUri: 'https://app.example.com/return?state=1',
    errorRedirectUri: 'https://app.example.com/failed?state=1',
    webhookUri: null,
    attempt: firstAttempt(now()),
    expiresInSeconds: null,
    connectionHint: null,
    ...setup.linkDefaults,
    ...overrides,
    options: definition.linkOptions.parse(overrides.options ?? {}),
  })
  return {
    ...bound,
    sandbox,
    capabilities: settings.capabilities,
    now,
    advance(seconds) {
      clock.at += seconds * 1000
    },
    shortenDeadline() {
      deadline.ms = 100
    },
    async fault({ times = 1000, ...fault }) {
      const response = await control('POST', 'faults', { provider: definition.key, times, ...fault })
      if (response.status !== 201) throw new Error(`the sandbox rejected the fault: ${response.text}`)
    },
    async clearFaults() {
      await control('DELETE', 'faults')
    },
    requests: async () => (await control('GET', 'requests')).body,
    async clearRequests() {
      await control('DELETE', 'requests')
    },
    createLink: (overrides = {}) => bound.adapter.createLink(request(overrides), call),
    async openLink(overrides = {}) {
      const linkRequest = request(overrides)
      const outcome = await bound.adapter.createLink(linkRequest, call)
      if (outcome.kind !== 'open') throw new Error('the link is already connected')
      return { ...outcome, link: toAdapterLink(linkRequest, outcome, now()) }
    },
    async reconnect(connection, overrides = {}) {
      const linkRequest = request(overrides)
      if (!bound.adapter.createReconnectLink) throw new Error('the provider cannot reconnect')
      const remoteLink = await bound.adapter.createReconnectLink(connection, linkRequest, call)
      const link = toAdapterLink(linkRequest, remoteLink, now())
      const { remoteId: remoteConnectionId, direction, connectorKey } = connection
      const target = { purpose: 'RECONNECT', remoteConnectionId, direction, connectorKey } as const
      return { ...remoteLink, link: { ...link, ...target } }
    },
    async breakConnection(id, options = {}) {
      const response = await control('POST', 'break', { vendor: definition.key, id, ...options })
      if (response.status !== 204) throw new Error(`the connection was not broken: ${response.text}`)
    },
    decide,
    connectors: () => allOf(bound.adapter.listConnectors(call)),
    connections: (groups = []) => allOf(bound.adapter.listConnections(groups, call)),
    logged: text,
  }
}

/** The readable rows of all pages. */
export const allOf = async <Row>(pages: AsyncIterable<Page<Row>>) => (await readAll(pages)).items

/** All pages as one. */
export async function readAll<Row>(pages: AsyncIterable<Page<Row>>): Promise<Page<Row>> {
  const items: Row[] = []
  const skipped: SkippedRow[] = []
  for await (const page of pages) {
    items.push(...page.items)
    skipped.push(...page.skipped)
  }
  return { items, skipped }
}

/** The first attempt to create a link. */
export const firstAttempt = (since: Date): Attempt => ({
  since,
  isRetry: false,
  isClaimed: async () => false,
})

/** The link as the store returns it. */
function toAdapterLink(request: LinkRequest<unknown>, outcome: RemoteLink, createdAt: Date): RevocableLink {
  return {
    purpose: 'CONNECT',
    event: null,
    linkId: request.linkId,
    connectorKey: request.connectorKey,
    connectorName: request.connectorName,
    direction: request.direction,
    endUserId: request.endUser.id,
    remoteLinkId: outcome.remoteLinkId,
    remoteGroup: outcome.remoteGroup,
    remoteConnectionId: outcome.pendingConnection?.remoteId ?? null,
    providerState: JSON.parse(JSON.stringify(outcome.providerState)),
    createdAt,
    returnedAt: null,
    url: outcome.url,
  }
}

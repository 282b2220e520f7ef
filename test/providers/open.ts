import { inspect } from 'node:util'
import { onTestFinished } from 'vitest'
import { createHttp } from '../../src/http/client.ts'
import type {
  AdapterLink,
  Attempt,
  Capabilities,
  LinkOutcome,
  LinkRequest,
  RemoteConnection,
  RemoteConnector,
  RemoteLink,
  RemoteReference,
} from '../../src/providers/adapter.ts'
import type { BoundProvider, Environment, ProviderDefinition } from '../../src/providers/definition.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { keptLog } from '../helpers/log.ts'
import { openSandbox } from '../sandbox/open.ts'
import { decide } from './decide.ts'

export interface Setting {
  readonly definition: ProviderDefinition
  /** What differs from the variables that point at the sandbox. */
  readonly environment?: Environment
  /** What a link is asked for when a test does not say. */
  readonly standard: Pick<LinkRequest<unknown>, 'connectorKey' | 'connectorName' | 'direction'>
}

/** An HTTP call that a sandbox saw. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
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

export interface Opened extends BoundProvider {
  readonly sandbox: Sandbox
  readonly capabilities: Capabilities
  readonly now: () => Date
  advance(seconds: number): void
  /** From now on the gateway waits a tenth of a second only. */
  hurry(): void
  fault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  requests(): Promise<readonly SeenRequest[]>
  forgetRequests(): Promise<void>
  createLink(wish?: Partial<LinkRequest<unknown>>): Promise<LinkOutcome>
  /** Makes a link and insists on one that somebody has to open. */
  openLink(wish?: Partial<LinkRequest<unknown>>): Promise<RemoteLink & { readonly link: AdapterLink }>
  /** Makes a link that authorises a connection anew. */
  reconnect(
    connection: RemoteReference,
    wish?: Partial<LinkRequest<unknown>>,
  ): Promise<RemoteLink & { readonly link: AdapterLink }>
  /** Takes a connection's authorisation away at the provider. */
  breakConnection(id: string, how?: Record<string, unknown>): Promise<void>
  /** Presses a button of a hosted page. */
  decide(url: string, decision: 'approve' | 'deny', fields?: Record<string, string>): Promise<Response>
  connectors(): Promise<readonly RemoteConnector[]>
  connections(groups?: readonly string[]): Promise<readonly RemoteConnection[]>
  /** Everything that the log was told. */
  logged(): string
}

export const call = { signal: new AbortController().signal }

/** One provider's adapter over real HTTP against a sandbox of its own, both with one clock that stands still. */
export async function openProvider(setting: Setting, sandboxOptions: SandboxOptions = {}): Promise<Opened> {
  const clock = { at: Date.parse('2026-11-22T12:00:00Z') }
  const now = () => new Date(clock.at)
  const sandbox = await openSandbox({ clock: { now }, ...sandboxOptions })
  const control = (method: string, path: string, body?: unknown) =>
    sandbox.ask(method, `/__sandbox/${path}`, { body })

  const { definition, environment = {} } = setting
  const variables = {
    ...environment,
    ...definition.sandboxVariables(sandbox.url.origin, environment),
  }
  const read = definition.parseSettings(variables)
  if (!read.ok) throw new Error(`the sandbox's variables are refused: ${inspect(read.problems)}`)

  const { log, text } = keptLog()
  const patience = { ms: 10_000 }
  const http = createHttp({
    log,
    get deadlineMs() {
      return patience.ms
    },
  })
  onTestFinished(() => http.close())
  const bound = read.bind({ http: http.client, now, sandbox: true, trustedOrigins: [] })

  const request = (wish: Partial<LinkRequest<unknown>>): LinkRequest<unknown> => ({
    linkId: crypto.randomUUID(),
    endUser: { id: 'user-1', name: 'Ada Lovelace', email: null },
    redirectUri: 'https://app.example.com/return?state=1',
    errorRedirectUri: 'https://app.example.com/failed?state=1',
    webhookUri: null,
    attempt: firstAttempt(now()),
    expiresInSeconds: null,
    ...setting.standard,
    ...wish,
    options: definition.linkOptions.parse(wish.options ?? {}),
  })
  return {
    ...bound,
    sandbox,
    capabilities: read.capabilities,
    now,
    advance(seconds) {
      clock.at += seconds * 1000
    },
    hurry() {
      patience.ms = 100
    },
    async fault({ times = 1000, ...fault }) {
      const asked = await control('POST', 'faults', { provider: definition.key, times, ...fault })
      if (asked.status !== 201) throw new Error(`the fault is refused: ${asked.text}`)
    },
    async clearFaults() {
      await control('DELETE', 'faults')
    },
    requests: async () => (await control('GET', 'requests')).body,
    async forgetRequests() {
      await control('DELETE', 'requests')
    },
    createLink: (wish = {}) => bound.adapter.createLink(request(wish), call),
    async openLink(wish = {}) {
      const wanted = request(wish)
      const outcome = await bound.adapter.createLink(wanted, call)
      if (outcome.kind !== 'open') throw new Error('the link is connected already')
      return { ...outcome, link: toOpenLink(wanted, outcome, now()) }
    },
    async reconnect(connection, wish = {}) {
      const wanted = request(wish)
      if (!bound.adapter.createReconnectLink) throw new Error('the provider cannot reconnect')
      const opened = await bound.adapter.createReconnectLink(connection, wanted, call)
      const link = toOpenLink(wanted, opened, now())
      const { remoteId: remoteConnectionId, direction, connectorKey } = connection
      const about = { purpose: 'RECONNECT', remoteConnectionId, direction, connectorKey } as const
      return { ...opened, link: { ...link, ...about } }
    },
    async breakConnection(id, how = {}) {
      const asked = await control('POST', 'break', { vendor: definition.key, id, ...how })
      if (asked.status !== 204) throw new Error(`it is not broken: ${asked.text}`)
    },
    decide,
    connectors: () => allOf(bound.adapter.listConnectors(call)),
    connections: (groups = []) => allOf(bound.adapter.listConnections(groups, call)),
    logged: text,
  }
}

/** The rows of all pages. */
export async function allOf<Row>(pages: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}

/** Nothing was tried before. */
export const firstAttempt = (since: Date): Attempt => ({
  since,
  isRetry: false,
  isClaimed: async () => false,
})

/** The link as the store would give it back. */
function toOpenLink(request: LinkRequest<unknown>, outcome: RemoteLink, createdAt: Date): AdapterLink {
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
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import {
  ConnectionsDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  type ProviderKey,
  ProvidersDocument,
} from '../../generated/graphql.ts'
import { type Client, repeat } from '../client.ts'

/** Providers that fail during the chaos, and those that do not. */
export const failing: readonly ProviderKey[] = ['FIVETRAN', 'CENSUS']
export const working: readonly ProviderKey[] = ['PIPEDREAM', 'XPANDER']
const searchOf: Partial<Record<ProviderKey, string>> = { CENSUS: 'salesforce', XPANDER: 'google calendar' }

export type Phase = 'calm' | 'chaos' | 'outage' | 'recovery'

export interface Sample {
  readonly phase: Phase
  readonly kind: string
  readonly ms: number
  readonly ok: boolean
  readonly codes: readonly string[]
}

/** The load of the chaos script, and what was seen. */
export function createRun(client: Client) {
  const samples: Sample[] = []
  const statusChanges: string[] = []
  const statuses = new Map<string, string>()
  const keys = new Map<string, ProviderKey>()
  /** Keys that are not acknowledged. */
  const pending = new Set<string>()
  const connectors = new Map<ProviderKey, string>()
  const run = {
    phase: 'calm' as Phase,
    samples,
    keys,
    statusChanges,
    pending,
    async warmUp() {
      for (const provider of [...failing, ...working]) {
        const search = searchOf[provider] ?? 'hubspot'
        const { data } = await client.send(ConnectorsDocument, { providers: [provider], search, first: 1 })
        connectors.set(provider, data?.connectors.nodes[0]?.key ?? '')
      }
      await client.send(ConnectionsDocument, {})
      for (let index = 0; index < 20; index += 1)
        await Promise.all([...failing, ...working].map((provider) => create(provider, 'warm-up')))
      const failed = samples.find(({ ok }) => !ok)
      if (failed) throw new Error(`a creation without faults failed: ${failed.kind} ${failed.codes}`)
      samples.length = 0
    },
    async finishPending() {
      for (const id of [...pending]) await attempt(id, keys.get(id) ?? 'FIVETRAN')
    },
    start: (signal: AbortSignal) => [
      repeat(signal, 50, () => read('connections', () => client.send(ConnectionsDocument, { first: 20 }))),
      repeat(signal, 50, () => read('connectors', () => client.send(ConnectorsDocument, { first: 20 }))),
      repeat(signal, 1_000, readStatus),
      ...[...failing, ...working].flatMap((provider) =>
        [0, 1].map(() => repeat(signal, 150, () => create(provider, run.phase))),
      ),
    ],
  }

  async function read(kind: string, send: () => ReturnType<Client['send']>): Promise<void> {
    const { phase } = run
    const { status, ms, codes } = await send()
    samples.push({ phase, kind, ms, ok: status === 200 && codes.length === 0, codes })
  }

  async function readStatus(): Promise<void> {
    const { data } = await client.send(ProvidersDocument, {})
    for (const { key, status } of data?.providers ?? []) {
      if (statuses.get(key) !== status) statusChanges.push(`${run.phase}: ${key} ${status}`)
      statuses.set(key, status)
    }
  }

  /** Repeats a creation with one key until it is acknowledged, at most five times. */
  async function attempt(id: string, provider: ProviderKey): Promise<void> {
    for (let count = 0; count < 5; count += 1) {
      const { phase } = run
      const { status, ms, data, codes } = await client.send(CreateConnectLinkDocument, {
        provider,
        input: { connector: connectors.get(provider) ?? '', endUser: { id }, idempotencyKey: id },
      })
      const result = data?.createConnectLink
      const ok = result?.__typename === 'CreateConnectLinkPayload' && status === 200
      const resultCodes = result !== undefined && 'code' in result ? [String(result.code)] : codes
      samples.push({ phase, kind: provider, ms, ok, codes: resultCodes })
      if (ok) {
        pending.delete(id)
        return
      }
      await sleep(300)
    }
  }

  async function create(provider: ProviderKey, prefix: string): Promise<void> {
    const id = `${prefix}-${provider}-${keys.size}`.toLowerCase()
    keys.set(id, provider)
    pending.add(id)
    await attempt(id, provider)
  }
  return run
}

export type Run = ReturnType<typeof createRun>

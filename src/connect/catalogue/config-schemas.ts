import { GatewayError, ProviderError } from '../../domain/errors.ts'
import type { ConfigSchema } from '../../domain/json.ts'
import { withOwnSignal } from '../../http/child-signal.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findInputs, saveInputs } from '../../store/config-schemas.ts'
import type { ConnectContext } from '../context.ts'
import { atMost } from '../sync-scheduler.ts'
import { createQueue, type Queue } from '../util/concurrency-limit.ts'
import { joinOrBegin } from '../util/single-flight.ts'
import type { Connector } from './connector.ts'

type ReadInputs = NonNullable<ConfiguredProvider['adapter']['readInputs']>

/** A provider that has to be asked about each connector on its own. */
interface Source {
  readonly provider: ConfiguredProvider
  readonly readInputs: ReadInputs
}

/** What is under way at one provider of one gateway in this process. */
interface Readings {
  /** By connector. `undefined`: it could not be read. */
  readonly underWay: Map<string, Promise<ConfigSchema | null | undefined>>
  readonly queue: Queue
  /** After a failure it is left alone until then. */
  restUntil: number
}

const readingsOf = new WeakMap<ConfiguredProvider, Readings>()

const freshForMs = 86_400_000
const atOncePerProvider = 5
const restSeconds = 10
const aboutOne: ReadonlySet<string> = new Set(['PROVIDER_REJECTED', 'PROVIDER_CONTRACT'])

/**
 * What each of these connectors wants to be told. Where the provider has to be asked about each on its own, what was read
 * within a day is used; else it is asked now, and an older answer, or what the catalogue says, stands in while it has none.
 */
export async function inputsOf(
  context: ConnectContext,
  connectors: readonly Connector[],
): Promise<readonly (ConfigSchema | null)[]> {
  const details = new Map<Connector, ConfigSchema | null>()
  const readOf = async (provider: ConfiguredProvider) => {
    const { readInputs } = provider.adapter
    const own = connectors.filter((connector) => connector.provider === provider.key)
    if (readInputs === undefined || own.length === 0) return
    const keys = own.map(({ key }) => key)
    const found = await detailsOf(context, { provider, readInputs }, keys)
    for (const connector of own) details.set(connector, found.get(connector.key) ?? null)
  }
  await Promise.all(context.providers.configured.map(readOf))
  return connectors.map((connector) => details.get(connector) ?? connector.inputs)
}

/** By key; without those of which nothing is known. */
async function detailsOf(
  context: ConnectContext,
  source: Source,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ConfigSchema | null>> {
  const { db, now, patienceMs } = context
  const stored = await findInputs(db, source.provider.scope, keys)
  const details = new Map([...stored].map(([key, { inputs }]) => [key, inputs]))
  const freshSince = now().getTime() - freshForMs
  const due = keys.filter((key) => (stored.get(key)?.read_at.getTime() ?? 0) < freshSince)
  const readings = due.map(async (key) => {
    const inputs = await readOnce(context, source, key)
    if (inputs !== undefined) details.set(key, inputs)
  })
  if (readings.length > 0) await atMost(patienceMs, Promise.all(readings))
  return details
}

/** Never fails. Whoever wants the same while it is being read joins that reading, which goes on when nobody waits any more. */
function readOnce(
  context: ConnectContext,
  source: Source,
  key: string,
): Promise<ConfigSchema | null | undefined> {
  const readings = readingsAt(source.provider)
  return joinOrBegin(readings.underWay, key, () =>
    context.finishing(readings.queue(() => readAnew(context, source, key))).catch((error: unknown) => {
      rest(context, readings, error)
      return undefined
    }),
  )
}

function readingsAt(provider: ConfiguredProvider): Readings {
  const known = readingsOf.get(provider)
  if (known) return known
  const readings = { underWay: new Map(), queue: createQueue(atOncePerProvider), restUntil: 0 }
  readingsOf.set(provider, readings)
  return readings
}

async function readAnew(
  { db, now, closing }: ConnectContext,
  { provider, readInputs }: Source,
  key: string,
): Promise<ConfigSchema | null | undefined> {
  const at = now()
  if (closing.aborted || at.getTime() < readingsAt(provider).restUntil) return undefined
  const inputs = await withOwnSignal(closing, (signal) => readInputs(key, { signal }))
  await saveInputs(db, { scope: provider.scope, key }, { inputs, at })
  return inputs
}

/** A page of connectors must not knock a hundred times at a provider that is down or asks to wait. */
function rest({ now, closing, log }: ConnectContext, readings: Readings, error: unknown): void {
  // What the provider has against one connector says nothing of the others.
  if (error instanceof ProviderError && aboutOne.has(error.code)) return
  const asked = error instanceof ProviderError ? error.retryAfterSeconds : undefined
  readings.restUntil = now().getTime() + Math.max(restSeconds, asked ?? 0) * 1000
  if (!(error instanceof GatewayError) && !closing.aborted)
    log.error({ err: error }, 'what a connector wants to be told could not be read')
}

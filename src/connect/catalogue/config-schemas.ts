import { GatewayError, ProviderError, providerErrorTraits } from '../../domain/errors.ts'
import type { ConfigSchema } from '../../domain/json.ts'
import { withChildSignal } from '../../http/child-signal.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findConfigSchemas, saveConfigSchema } from '../../store/config-schemas.ts'
import type { ConnectContext } from '../context.ts'
import { waitAtMost } from '../sync-scheduler.ts'
import { createLimiter, type Limiter } from '../util/concurrency-limit.ts'
import { singleFlight } from '../util/single-flight.ts'
import type { Connector } from './connector.ts'

type ReadInputs = NonNullable<ConfiguredProvider['adapter']['fetchConfigSchema']>

/** A provider that has to be asked about each connector on its own. */
interface SchemaSource {
  readonly provider: ConfiguredProvider
  readonly readInputs: ReadInputs
}

/** What is under way at one provider of one gateway in this process. */
interface Readings {
  /** By connector. `undefined`: it could not be read. */
  readonly underWay: Map<string, Promise<ConfigSchema | null | undefined>>
  readonly queue: Limiter
  /** After a failure it is left alone until then. */
  restUntil: number
}

const readingsOf = new WeakMap<ConfiguredProvider, Readings>()

const freshForMs = 86_400_000
const atOncePerProvider = 5
const restSeconds = 10

/**
 * What each of these connectors wants to be told. Where the provider has to be asked about each on its own, what was read
 * within a day is used; else it is asked now, and an older answer, or what the catalogue says, stands in while it has none.
 */
export async function configSchemasOf(
  context: ConnectContext,
  connectors: readonly Connector[],
): Promise<readonly (ConfigSchema | null)[]> {
  const details = new Map<Connector, ConfigSchema | null>()
  const readOf = async (provider: ConfiguredProvider) => {
    const { fetchConfigSchema } = provider.adapter
    const own = connectors.filter((connector) => connector.provider === provider.key)
    if (fetchConfigSchema === undefined || own.length === 0) return
    const keys = own.map(({ key }) => key)
    const found = await detailsOf(context, { provider, readInputs: fetchConfigSchema }, keys)
    for (const connector of own) details.set(connector, found.get(connector.key) ?? null)
  }
  await Promise.all(context.providers.configured.map(readOf))
  return connectors.map((connector) => details.get(connector) ?? connector.configSchema)
}

/** By key; without those of which nothing is known. */
async function detailsOf(
  context: ConnectContext,
  source: SchemaSource,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ConfigSchema | null>> {
  const { db, now, maxWaitMs } = context
  const stored = await findConfigSchemas(db, source.provider.accountKey, keys)
  const details = new Map([...stored].map(([key, { configSchema }]) => [key, configSchema]))
  const freshSince = now().getTime() - freshForMs
  const due = keys.filter((key) => (stored.get(key)?.readAt.getTime() ?? 0) < freshSince)
  const readings = due.map(async (key) => {
    const inputs = await fetchSchemaOnce(context, source, key)
    if (inputs !== undefined) details.set(key, inputs)
  })
  if (readings.length > 0) await waitAtMost(maxWaitMs, Promise.all(readings))
  return details
}

/** Never fails. Whoever wants the same while it is being read joins that reading, which goes on when nobody waits any more. */
function fetchSchemaOnce(
  context: ConnectContext,
  source: SchemaSource,
  key: string,
): Promise<ConfigSchema | null | undefined> {
  const readings = readingsAt(source.provider)
  return singleFlight(readings.underWay, key, () =>
    context.waitUntil(readings.queue(() => fetchSchema(context, source, key))).catch((error: unknown) => {
      openCircuit(context, readings, error)
      return undefined
    }),
  )
}

function readingsAt(provider: ConfiguredProvider): Readings {
  const known = readingsOf.get(provider)
  if (known) return known
  const readings = { underWay: new Map(), queue: createLimiter(atOncePerProvider), restUntil: 0 }
  readingsOf.set(provider, readings)
  return readings
}

async function fetchSchema(
  { db, now, shutdownSignal }: ConnectContext,
  { provider, readInputs }: SchemaSource,
  key: string,
): Promise<ConfigSchema | null | undefined> {
  const at = now()
  if (shutdownSignal.aborted || at.getTime() < readingsAt(provider).restUntil) return undefined
  const inputs = await withChildSignal(shutdownSignal, (signal) => readInputs(key, { signal }))
  await saveConfigSchema(db, { accountKey: provider.accountKey, key }, { configSchema: inputs, at })
  return inputs
}

/** A page of connectors must not knock a hundred times at a provider that is down or asks to wait. */
function openCircuit({ now, shutdownSignal, log }: ConnectContext, readings: Readings, error: unknown): void {
  // What the provider has against one connector says nothing of the others.
  if (error instanceof ProviderError && providerErrorTraits[error.code].concernsOneConnector) return
  const asked = error instanceof ProviderError ? error.retryAfterSeconds : undefined
  readings.restUntil = now().getTime() + Math.max(restSeconds, asked ?? 0) * 1000
  if (!(error instanceof GatewayError) && !shutdownSignal.aborted)
    log.error({ err: error }, 'what a connector wants to be told could not be read')
}

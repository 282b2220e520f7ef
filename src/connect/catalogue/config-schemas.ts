import { GatewayError } from '../../domain/errors.ts'
import type { ConfigSchema } from '../../domain/json.ts'
import { ProviderError, providerErrorTraits } from '../../domain/provider-error.ts'
import { withChildSignal } from '../../http/child-signal.ts'
import { operation } from '../../http/http-types.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findConfigSchemas, saveConfigSchema } from '../../store/config-schemas.ts'
import type { ConnectContext } from '../context.ts'
import { waitAtMost } from '../util/wait-at-most.ts'
import type { ProviderFetches } from './config-schema-fetches.ts'
import type { Connector } from './connector.ts'

type FetchConfigSchema = NonNullable<ConfiguredProvider['adapter']['fetchConfigSchema']>

/** A provider whose config schemas have to be fetched for each connector separately. */
interface SchemaSource {
  readonly provider: ConfiguredProvider
  readonly fetches: ProviderFetches
  readonly fetchConfigSchema: FetchConfigSchema
}

const freshForMs = 86_400_000
const circuitOpenSeconds = 10

/**
 * Returns the config schemas of the connectors, in order; `null`: none is known. For providers without
 * `fetchConfigSchema` they are in the catalogue. For the others a stored schema is used for 24 hours. Then it is
 * fetched again, and callers wait at most `maxWaitMs`. If there is no new schema in time, the older stored one is
 * returned (stale-while-revalidate), or that of the catalogue. Never rejects because of a provider. `accounts`: the
 * accounts that the connectors are from, at most one of each provider.
 */
export async function fetchConfigSchemas(
  context: ConnectContext,
  connectors: readonly Connector[],
  accounts: readonly ConfiguredProvider[] = context.providers.configured,
): Promise<readonly (ConfigSchema | null)[]> {
  const details = new Map<Connector, ConfigSchema | null>()
  const addDetails = async (provider: ConfiguredProvider) => {
    const { fetchConfigSchema } = provider.adapter
    const fetches = context.configSchemaFetches.of(provider.accountKey)
    const own = connectors.filter((connector) => connector.provider === provider.key)
    if (fetchConfigSchema === undefined || own.length === 0) return
    const keys = own.map(({ key }) => key)
    const byKey = await fetchDetails(context, { provider, fetches, fetchConfigSchema }, keys)
    for (const connector of own) details.set(connector, byKey.get(connector.key) ?? null)
  }
  await Promise.all(accounts.map(addDetails))
  return connectors.map((connector) => details.get(connector) ?? connector.configSchema)
}

/** Returns the stored or fetched schemas by connector key; without the keys that have neither. */
async function fetchDetails(
  context: ConnectContext,
  source: SchemaSource,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ConfigSchema | null>> {
  const { db, now, maxWaitMs } = context
  const stored = await findConfigSchemas(db, source.provider.accountKey, keys)
  const details = new Map([...stored].map(([key, { configSchema }]) => [key, configSchema]))
  const freshSince = now().getTime() - freshForMs
  const due = keys.filter((key) => (stored.get(key)?.readAt.getTime() ?? 0) < freshSince)
  const fetches = due.map(async (key) => {
    const schema = await fetchSchemaOnce(context, source, key)
    if (schema !== undefined) details.set(key, schema)
  })
  if (fetches.length > 0) await waitAtMost(maxWaitMs, Promise.all(fetches))
  return details
}

/** Single-flight: concurrent callers share one fetch. It never rejects and continues when no caller waits any more. */
function fetchSchemaOnce(
  context: ConnectContext,
  source: SchemaSource,
  key: string,
): Promise<ConfigSchema | null | undefined> {
  const { fetches } = source
  return fetches.inFlight.run(key, () =>
    context.waitUntil(fetches.limiter(() => fetchSchema(context, source, key))).catch((error: unknown) => {
      openCircuit(context, fetches, error)
      return undefined
    }),
  )
}

/** Fetches and stores a schema; `undefined`: not fetched, because of a shutdown or an open circuit. */
async function fetchSchema(
  { db, now, shutdownSignal }: ConnectContext,
  { provider, fetches, fetchConfigSchema }: SchemaSource,
  key: string,
): Promise<ConfigSchema | null | undefined> {
  const at = now()
  if (shutdownSignal.aborted || at.getTime() < fetches.openUntil) return undefined
  const configSchema = await withChildSignal(shutdownSignal, (signal) =>
    fetchConfigSchema(key, operation(signal)),
  )
  await saveConfigSchema(db, { accountKey: provider.accountKey, key }, { configSchema, at })
  return configSchema
}

/**
 * Circuit breaker: skips this provider for max(10 s, Retry-After), because one page of connectors can need a hundred
 * fetches. Logs the error if it is unexpected.
 */
function openCircuit(
  { now, shutdownSignal, log }: ConnectContext,
  fetches: ProviderFetches,
  error: unknown,
): void {
  // An error about one connector does not concern the others.
  if (error instanceof ProviderError && providerErrorTraits[error.code].concernsOneConnector) return
  const retryAfter = error instanceof ProviderError ? error.retryAfterSeconds : undefined
  fetches.openUntil = now().getTime() + Math.max(circuitOpenSeconds, retryAfter ?? 0) * 1000
  if (!(error instanceof GatewayError) && !shutdownSignal.aborted)
    log.error({ err: error }, 'fetching the config schema of a connector failed')
}

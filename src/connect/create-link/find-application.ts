import { InvalidInputError, NotFoundError } from '../../domain/errors.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { Application } from '../catalogue/applications.ts'
import type { ConnectContext } from '../context.ts'
import { connectorKeySchema } from '../input-schemas.ts'

export interface FoundApplication {
  readonly application: Application
  /** Providers whose catalogue has not been synced yet: whether they offer the application is unknown. */
  readonly unsynced: ReadonlySet<ProviderKey>
}

/**
 * The application with that slug in the catalogues of the accounts, after a sync of catalogues that were never synced.
 * Throws InvalidInputError for a malformed slug, NotFoundError when no provider offers it, ProviderError while that is not
 * certain.
 */
export async function findApplicationOrThrow(
  context: ConnectContext,
  slug: string,
  accounts: readonly ConfiguredProvider[],
): Promise<FoundApplication> {
  const catalogue = context.catalogue.of(accounts)
  if (!connectorKeySchema.safeParse(slug).success) {
    throw new InvalidInputError([
      { path: ['input', 'connector'], message: 'is not the slug of an application' },
    ])
  }
  const unsynced = await syncMissingCatalogues(context, slug, accounts)
  const application = catalogue.application(slug)
  if (application) return { application, unsynced }
  const owner = catalogue.all().find(({ key }) => key === slug)?.provider
  if (owner !== undefined) {
    const { name } = context.providers.get(owner)
    throw new NotFoundError(
      `"${slug}" is a connector key of ${name}, not the slug of an application: pass the provider too.`,
    )
  }
  const possible = accounts.find(({ key }) => unsynced.has(key))
  throw possible === undefined
    ? new NotFoundError(`There is no application "${slug}".`)
    : catalogueNotSynced(possible, slug)
}

/** Returns the providers whose catalogue is still unknown. Failing providers are not waited for if others have an offer. */
async function syncMissingCatalogues(
  context: ConnectContext,
  slug: string,
  accounts: readonly ConfiguredProvider[],
): Promise<ReadonlySet<ProviderKey>> {
  const { connectorSyncs, health, maxWaitMs } = context
  const catalogue = context.catalogue.of(accounts)
  const missing = accounts.filter(({ key }) => !catalogue.has(key))
  if (missing.length === 0) return new Set()
  const isWaitedFor =
    catalogue.application(slug) === undefined ||
    missing.some(({ accountKey }) => health.of(accountKey) === 'UP')
  const providerKeys = missing.map(({ key }) => key)
  const statuses = await connectorSyncs.ensureSynced(isWaitedFor ? maxWaitMs : 0, {
    providerKeys,
    accounts: missing,
  })
  await context.catalogue.load()
  return new Set(statuses.filter(({ syncedAt }) => syncedAt === null).map(({ provider }) => provider))
}

/** Retryable: the same call may find the application once the catalogue has been synced. */
export const catalogueNotSynced = ({ key, name }: ConfiguredProvider, slug: string): ProviderError =>
  new ProviderError(
    key,
    'PROVIDER_UNAVAILABLE',
    `The catalogue of ${name} has not been synced yet, so it is unknown whether it offers "${slug}".`,
  )

import { InvalidInputError, NotFoundError, ProviderError } from '../../domain/errors.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { Application } from '../catalogue/applications.ts'
import type { ConnectContext } from '../context.ts'
import { connectorKey } from './validate-input.ts'

export interface FoundApplication {
  readonly application: Application
  /** Providers whose catalogue nobody has read yet: what they offer is not known. */
  readonly unread: ReadonlySet<ProviderKey>
}

/** The application of that slug; catalogues that nobody has read yet are read for it. */
export async function demandApplication(context: ConnectContext, slug: string): Promise<FoundApplication> {
  const { catalogue, providers } = context
  if (!connectorKey.safeParse(slug).success) {
    throw new InvalidInputError([
      { path: ['input', 'connector'], message: 'is not the slug of an application' },
    ])
  }
  const unread = await readUnread(context, slug)
  const application = catalogue.application(slug)
  if (application) return { application, unread }
  const owner = catalogue.all().find(({ key }) => key === slug)?.provider
  if (owner !== undefined) {
    const { name } = providers.get(owner)
    throw new NotFoundError(
      `"${slug}" is a connector key of ${name}, not an application: name the provider too.`,
    )
  }
  const hopeful = providers.configured.find(({ key }) => unread.has(key))
  throw hopeful === undefined
    ? new NotFoundError(`There is no application "${slug}".`)
    : mayOffer(hopeful, slug)
}

/** Answers whose catalogue is unknown after that. Providers that fail are not waited for where others have an offer. */
async function readUnread(context: ConnectContext, slug: string): Promise<ReadonlySet<ProviderKey>> {
  const { catalogue, connectorSyncs, health, patienceMs, providers } = context
  // Nobody has read them, or there was nothing to read.
  const empty = providers.configured.filter(({ key }) => !catalogue.has(key)).map(({ key }) => key)
  if (empty.length === 0) return new Set()
  const isWaitedFor =
    catalogue.application(slug) === undefined || empty.some((key) => health.of(key) === 'UP')
  const sources = await connectorSyncs.freshen(isWaitedFor ? patienceMs : 0, empty)
  await catalogue.load()
  return new Set(sources.filter(({ syncedAt }) => syncedAt === null).map(({ provider }) => provider))
}

/** What nobody has read is not known to be missing: the same call may find it later. */
export const mayOffer = ({ key, name }: ConfiguredProvider, what: string): ProviderError =>
  new ProviderError(
    key,
    'PROVIDER_UNAVAILABLE',
    `The catalogue of ${name} could not be read yet, so nobody knows whether it offers "${what}".`,
  )

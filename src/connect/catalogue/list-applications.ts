import type { Viewer } from '../../domain/viewer.ts'
import { organizationOfViewer } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import type { ProviderSyncStatus } from '../sync-scheduler.ts'
import { hasCategory } from './application-details.ts'
import { type Application, applicationSortKey } from './applications.ts'
import type { ConnectorView } from './connector-view.ts'
import { isLinkable } from './linkable.ts'
import {
  afterCursor,
  type ConnectorCursor,
  compareCursors,
  searchConnectors,
} from './search/search-connectors.ts'

export interface ApplicationQuery {
  readonly search?: string | null | undefined
  readonly category?: string | null | undefined
  readonly linkableOnly?: boolean | null | undefined
}

export interface RankedApplication extends ConnectorCursor {
  readonly application: Application
}

export interface ApplicationList {
  /** All matches after the cursor. */
  readonly matches: readonly RankedApplication[]
  /** Number of all matches, including those before the cursor. */
  readonly count: number
  readonly syncStatus: readonly ProviderSyncStatus[]
}

/**
 * Searches the applications of the catalogues that the caller uses, as stored: ordered by name, with a search text by the
 * rank of the best matching connector. Waits up to `maxWaitMs` for catalogues that were never read.
 */
export async function listApplications(
  context: ConnectContext,
  viewer: Viewer,
  { query, after }: { readonly query: ApplicationQuery; readonly after: ConnectorCursor | null },
): Promise<ApplicationList> {
  const { view, syncStatus } = await syncedView(context, viewer)
  const { category, linkableOnly } = query
  const matches = rankApplications(view, query.search ?? '', after).filter(
    ({ application: { offers } }) =>
      (category == null || offers.some((offer) => hasCategory(offer, category))) &&
      (linkableOnly !== true || offers.some((offer) => isLinkable(viewer, context, offer))),
  )
  return { matches: afterCursor(matches, after), count: matches.length, syncStatus }
}

/** The application with that slug; dashes and case do not matter. `null`: no provider offers it. */
export async function findApplication(
  context: ConnectContext,
  viewer: Viewer,
  slug: string,
): Promise<Application | null> {
  const { view } = await syncedView(context, viewer)
  return view.application(slug) ?? null
}

async function syncedView(context: ConnectContext, viewer: Viewer) {
  const accounts = context.providers.usedBy(organizationOfViewer(viewer))
  const syncStatus = await context.connectorSyncs.ensureSynced(context.maxWaitMs, { accounts })
  await context.catalogue.load()
  return { view: context.catalogue.of(accounts), syncStatus }
}

function rankApplications(
  view: ConnectorView,
  search: string,
  after: ConnectorCursor | null,
): readonly RankedApplication[] {
  if (search.trim() === '') return view.applications().map((application) => ranked(application, allByName))
  const byApplication = new Map<Application, RankedApplication>()
  // The best match of an application comes first.
  for (const match of searchConnectors(view.indexes(), { search }, after?.mode)) {
    const application = view.applicationOf(match.connector)
    if (!byApplication.has(application)) byApplication.set(application, ranked(application, match))
  }
  return [...byApplication.values()].sort(compareCursors)
}

const allByName = { mode: 'ALL', rank: 0 } as const

const ranked = (
  application: Application,
  { mode, rank }: Pick<ConnectorCursor, 'mode' | 'rank'>,
): RankedApplication => ({ application, mode, rank, sortKey: applicationSortKey(application) })

import type { Direction } from '../../domain/statuses.ts'
import type { PortalVisit } from './portal-context.ts'
import { operation, runOperation } from './run-operation.ts'

/** An application that can be connected. */
export interface PortalApplication {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly logoUrl: string | null
  readonly categories: readonly string[]
  readonly offers: readonly {
    readonly linkable: boolean
    readonly directions: readonly Direction[]
  }[]
}

export interface ApplicationPage {
  readonly applications: readonly PortalApplication[]
  readonly totalCount: number
  /** `null`: this is the last page. */
  readonly nextCursor: string | null
}

export interface ApplicationQuery {
  readonly search: string
  /** Empty: all. */
  readonly category: string
  readonly after: string | null
}

const pageSize = 24

interface ConnectorNode {
  readonly description: string | null
  readonly logoUrl: string | null
  readonly categories: readonly string[]
  readonly linkable: boolean
  readonly application: Pick<PortalApplication, 'slug' | 'name' | 'offers'>
}

const searchConnectors = operation<
  {
    readonly connectors: {
      readonly totalCount: number
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
      readonly nodes: readonly ConnectorNode[]
    }
  },
  { readonly search: string | null; readonly first: number; readonly after: string | null }
>(`query PortalApplications($search: String, $first: Int, $after: String) {
  connectors(search: $search, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { description logoUrl categories linkable application { slug name offers { linkable directions } } }
  }
}`)

/** The applications that the session can connect, those that match best first. */
export async function searchApplications(
  visit: PortalVisit,
  { search, after }: ApplicationQuery,
): Promise<ApplicationPage> {
  const { connectors } = await runOperation(visit, searchConnectors, {
    search: search === '' ? null : search,
    first: pageSize,
    after,
  })
  const found = new Map<string, PortalApplication>()
  for (const { application, ...connector } of connectors.nodes)
    if (connector.linkable && !found.has(application.slug))
      found.set(application.slug, { ...connector, ...application })
  return {
    applications: [...found.values()],
    totalCount: connectors.totalCount,
    nextCursor: connectors.pageInfo.hasNextPage ? connectors.pageInfo.endCursor : null,
  }
}

/** The application with that slug; `null`: the session cannot connect it. */
export async function findApplication(visit: PortalVisit, slug: string): Promise<PortalApplication | null> {
  const { applications } = await searchApplications(visit, {
    search: slug.replaceAll('-', ' '),
    category: '',
    after: null,
  })
  return applications.find((application) => application.slug === slug) ?? null
}

/**
 * The directions of which the end user has to choose one; empty: the gateway chooses. It takes an offer with one direction if
 * there is any.
 */
export function directionsToChoose({ offers }: Pick<PortalApplication, 'offers'>): readonly Direction[] {
  const linkable = offers.filter((offer) => offer.linkable)
  if (linkable.length === 0 || linkable.some(({ directions }) => directions.length <= 1)) return []
  return [...new Set(linkable.flatMap(({ directions }) => directions))]
}

/** The categories of the applications that the session can connect. */
export async function categoriesFor(_visit: PortalVisit): Promise<readonly string[]> {
  return []
}

/** For the test that compares them with the schema. */
export const portalOperations = [searchConnectors]

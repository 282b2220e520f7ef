import type { Direction } from '../../domain/statuses.ts'
import type { PortalVisit } from './portal-context.ts'
import { operation, runOperation } from './run-operation.ts'

/** An application that can be connected. */
export interface PortalApplication {
  readonly slug: string
  readonly name: string
  readonly logoUrl: string | null
  readonly categories: readonly string[]
}

/** The same with what its page needs. */
export interface OfferedApplication extends PortalApplication {
  /** Directions of which the end user has to choose one; empty: there is nothing to choose. */
  readonly directions: readonly Direction[]
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

const listOperation = operation<
  {
    readonly applications: {
      readonly totalCount: number
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
      readonly nodes: readonly PortalApplication[]
    }
  },
  {
    readonly search: string | null
    readonly category: string | null
    readonly first: number
    readonly after: string | null
  }
>(`query PortalApplications($search: String, $category: String, $first: Int, $after: String) {
  applications(search: $search, category: $category, linkableOnly: true, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { slug name logoUrl categories }
  }
}`)

/** The applications that the session can connect, those that match best first. */
export async function searchApplications(
  visit: PortalVisit,
  { search, category, after }: ApplicationQuery,
): Promise<ApplicationPage> {
  const { applications } = await runOperation(visit, listOperation, {
    search: search === '' ? null : search,
    category: category === '' ? null : category,
    first: pageSize,
    after,
  })
  const { hasNextPage, endCursor } = applications.pageInfo
  return {
    applications: applications.nodes,
    totalCount: applications.totalCount,
    nextCursor: hasNextPage ? endCursor : null,
  }
}

interface Offer {
  readonly linkable: boolean
  readonly directions: readonly Direction[]
}

const findOperation = operation<
  {
    readonly application: (PortalApplication & { readonly offers: readonly Offer[] }) | null
  },
  { readonly slug: string }
>(`query PortalApplication($slug: String!) {
  application(slug: $slug) {
    slug name logoUrl categories
    offers { linkable directions }
  }
}`)

/** The application with that slug; `null`: there is none, or the session cannot connect it. */
export async function findApplication(visit: PortalVisit, slug: string): Promise<OfferedApplication | null> {
  if (!visit.rights.connect) return null
  const { application } = await runOperation(visit, findOperation, { slug })
  const offers = application?.offers.filter(({ linkable }) => linkable) ?? []
  return application === null || offers.length === 0
    ? null
    : { ...application, directions: directionsToChoose(offers) }
}

/** The gateway takes an offer that has one direction, if there is any. */
export const directionsToChoose = (offers: readonly Pick<Offer, 'directions'>[]): readonly Direction[] =>
  offers.some(({ directions }) => directions.length <= 1)
    ? []
    : [...new Set(offers.flatMap(({ directions }) => directions))]

/** For the test that compares them with the schema. */
export const portalOperations = [listOperation, findOperation]

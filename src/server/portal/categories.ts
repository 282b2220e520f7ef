import { organizationOfViewer } from '../../connect/authorization.ts'
import { categoriesOf } from '../../connect/catalogue/application-details.ts'
import type { Application } from '../../connect/catalogue/applications.ts'
import type { PortalVisit } from './portal-context.ts'

const maxCategories = 40
/** A category of fewer applications helps less than a search. */
const minApplications = 3

/** By the list of applications, which is another one after each change of the catalogue. */
const computed = new WeakMap<readonly Application[], readonly string[]>()

/** The largest categories by name, for a session that is not limited to a few connectors or providers. */
export function categoriesFor({ viewer, pages: { connect } }: PortalVisit): readonly string[] {
  if (viewer.limits?.connectors || viewer.limits?.providers) return []
  const accounts = connect.providers.usedBy(organizationOfViewer(viewer))
  const applications = connect.catalogue.of(accounts).applications()
  const known = computed.get(applications) ?? largestCategories(applications)
  computed.set(applications, known)
  return known
}

function largestCategories(applications: readonly Application[]): readonly string[] {
  const found = new Map<string, { readonly name: string; readonly count: number }>()
  for (const application of applications)
    if (application.offers.some(({ linkable }) => linkable))
      for (const name of categoriesOf(application)) add(name)
  function add(name: string): void {
    // Providers write them differently: "HumanResources", "Human Resources".
    const key = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
    const known = found.get(key) ?? { name, count: 0 }
    found.set(key, { name: name.length > known.name.length ? name : known.name, count: known.count + 1 })
  }
  return [...found.values()]
    .filter(({ count }) => count >= minApplications)
    .sort((one, other) => other.count - one.count)
    .slice(0, maxCategories)
    .map(({ name }) => name)
    .sort((one, other) => one.localeCompare(other))
}

/** The name for end users: "HumanResources" is written apart. */
export const categoryLabel = (name: string): string => name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')

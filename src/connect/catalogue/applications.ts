import { createHash } from 'node:crypto'
import { providerKeys } from '../../domain/provider-key.ts'
import { type ApplicationName, applicationNames } from './application-names.ts'
import type { Connector } from './connector.ts'
import { tokenize } from './search/tokenize.ts'

/** An application, independent of the providers that offer it. */
export interface Application {
  /** URL-safe. `Applications.find` also accepts other spellings of it, such as one without dashes. */
  readonly slug: string
  readonly name: string
  /** The connectors for it, in the order of `providerKeys`; one provider can have several. */
  readonly offers: readonly Connector[]
}

export interface Applications {
  /** Returns the application of a connector: every connector has exactly one. */
  of(connector: Connector): Application
  find(slug: string): Application | undefined
  /** Sorted by `applicationSortKey`. */
  all(): readonly Application[]
}

/** The application as derived from the name of one connector alone, without the rest of the catalogue. */
export interface ApplicationIdentity {
  /** Equal for all connectors of the application. */
  readonly id: string
  readonly name: string
  readonly slug: string
  /** The entry in `applicationNames`, if there is one. */
  readonly curated: ApplicationName | undefined
}

/** A connector with the application that it connects to. */
export interface Offer {
  readonly connector: Connector
  readonly application: ApplicationIdentity
}

/** Suffixes that providers add to a name for the release state of the connector or for the authentication. */
const statusSuffix = /\s*[([](?:alpha|beta|preview|early access|legacy|deprecated|api key|oauth)[)\]]/gi

/** The vendor in "Bigin by Zoho CRM". */
const vendorSuffix = /(?<=\S)\s+by\s+\S.*$/i

/** Returns the name without release state, authentication and vendor. Versions and other additions remain. */
export function plainName(name: string): string {
  const plain = name.replaceAll(statusSuffix, '').replace(vendorSuffix, '').trim()
  return plain === '' ? name : plain
}

/** Joins the tokens, with a space only between two numbers: "2.0" and "20" are different. */
const idOf = (tokens: readonly string[]): string => tokens.join(' ').replaceAll(/(?<!\d) | (?!\d)/g, '')

const curatedById: ReadonlyMap<string, ApplicationName> = new Map(
  applicationNames.flatMap((entry) =>
    [entry.name, ...entry.aliases].map((name) => [idOf(tokenize(name)), entry] as const),
  ),
)

/**
 * Identifies the application of a connector by its name and the curated names. Precision before recall: connectors are
 * grouped only if their names are equal or curated as equal.
 */
export function identify({ name }: Pick<Connector, 'name'>): ApplicationIdentity {
  const plain = plainName(name)
  // The full name first: a part in brackets can be another name of the application, as in "X (Twitter)".
  const curated = curatedById.get(idOf(tokenize(name))) ?? curatedById.get(idOf(tokenize(plain)))
  const applicationName = curated?.name ?? plain
  const tokens = tokenize(applicationName)
  return { id: idOf(tokens), name: applicationName, slug: slugOf(tokens), curated }
}

/** Groups connectors by application. */
export function groupApplications(offers: Iterable<Offer>): Applications {
  const groups = new Map<string, [Offer, ...Offer[]]>()
  for (const offer of offers) {
    const group = groups.get(offer.application.id)
    if (group) group.push(offer)
    else groups.set(offer.application.id, [offer])
  }
  const byId = new Map<string, Application>()
  const bySlug = new Map<string, Application>()
  const byConnector = new Map<Connector, Application>()
  for (const [id, group] of groups) {
    const application = toApplication(group)
    byId.set(id, application)
    bySlug.set(application.slug, application)
    for (const { connector } of group) byConnector.set(connector, application)
  }
  let sorted: readonly Application[] | undefined
  return {
    of(connector) {
      const grouped = byConnector.get(connector)
      if (grouped) return grouped
      // A caller can still hold a connector object that a sync has replaced in the meantime.
      const application = identify(connector)
      return byId.get(application.id) ?? toApplication([{ connector, application }])
    },
    find: (slug) => bySlug.get(slug) ?? byId.get(idOf(tokenize(slug))),
    all: () => (sorted ??= sortApplications([...byId.values()])),
  }
}

/** By lower-case name; independent of the locale of the server. */
export const applicationSortKey = ({ name, slug }: Pick<Application, 'name' | 'slug'>): string =>
  `${name.toLowerCase()}\u0000${slug}`

const sortApplications = (applications: readonly Application[]): readonly Application[] =>
  applications
    .map((application) => ({ application, key: applicationSortKey(application) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ application }) => application)

function toApplication(group: readonly [Offer, ...Offer[]]): Application {
  const [first, ...others] = group
  // "Help Scout" is more readable than "HelpScout". The result must not depend on the order of the connectors.
  const { slug, name } = others.reduce(
    (best, { application }) => moreReadable(best, application),
    first.application,
  )
  const offers = group.map(({ connector }) => connector)
  return { slug, name, offers: offers.sort(byProvider) }
}

/** Returns the one with the longer slug (more tokens); of equal ones the alphabetically first name. */
function moreReadable(a: ApplicationIdentity, b: ApplicationIdentity): ApplicationIdentity {
  if (a.slug.length !== b.slug.length) return a.slug.length > b.slug.length ? a : b
  return a.name <= b.name ? a : b
}

const byProvider = (a: Connector, b: Connector) =>
  providerKeys.indexOf(a.provider) - providerKeys.indexOf(b.provider) || (a.key < b.key ? -1 : 1)

function slugOf(tokens: readonly string[]): string {
  const slug = tokens.join('-')
  if (/^[a-z0-9-]+$/.test(slug)) return slug
  // Not only ASCII letters and digits: a stable hash instead.
  return `app-${createHash('sha256').update(slug).digest('hex').slice(0, 12)}`
}

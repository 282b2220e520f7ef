import { createHash } from 'node:crypto'
import { providerKeys } from '../../domain/provider-key.ts'
import { type ApplicationName, applicationNames } from './application-names.ts'
import type { Connector } from './connector.ts'
import { tokenize } from './search/tokenize.ts'

/** What people mean by a name, whichever providers offer it. */
export interface Application {
  /** Url-safe. Another spelling of it, such as one without dashes, finds the application too. */
  readonly slug: string
  readonly name: string
  /** In the order of the providers; one provider may offer it in several ways. */
  readonly offers: readonly Connector[]
}

export interface Applications {
  /** Every connector has exactly one: its own, where nobody else offers the application. */
  of(connector: Connector): Application
  find(slug: string): Application | undefined
}

/** What an offer's name says of the application, whatever else the catalogue holds. */
export interface ApplicationIdentity {
  /** The same for all offers of the application. */
  readonly id: string
  readonly name: string
  readonly slug: string
  /** Set where we know more names of it. */
  readonly curated: ApplicationName | undefined
}

/** A connector and the application that it is an offer of. */
export interface Offer {
  readonly connector: Connector
  readonly application: ApplicationIdentity
}

/** What a provider adds to a name about the state of its own offer, or about the way in. */
const remark = /\s*[([](?:alpha|beta|preview|early access|legacy|deprecated|api key|oauth)[)\]]/gi

/** "Bigin by Zoho CRM" is Bigin. */
const maker = /(?<=\S)\s+by\s+\S.*$/i

/** The name of the application alone; versions and all other additions are part of it. */
export function plainName(name: string): string {
  const plain = name.replaceAll(remark, '').replace(maker, '').trim()
  return plain === '' ? name : plain
}

/** Blanks and signs do not count, but between numbers: "2.0" is not "20". */
const idOf = (words: readonly string[]): string => words.join(' ').replaceAll(/(?<!\d) | (?!\d)/g, '')

const curatedById: ReadonlyMap<string, ApplicationName> = new Map(
  applicationNames.flatMap((known) =>
    [known.name, ...known.alsoOffered].map((name) => [idOf(tokenize(name)), known] as const),
  ),
)

/** Which application an offer is of. The name decides, through the curated names; what is doubtful stays apart. */
export function identify({ name }: Pick<Connector, 'name'>): ApplicationIdentity {
  const plain = plainName(name)
  // The whole name first: what stands in brackets may be another name of the application.
  const curated = curatedById.get(idOf(tokenize(name))) ?? curatedById.get(idOf(tokenize(plain)))
  const chosen = curated?.name ?? plain
  const words = tokenize(chosen)
  return { id: idOf(words), name: chosen, slug: slugOf(words), curated }
}

/** Puts the offers of each application together. */
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
  return {
    of(connector) {
      const known = byConnector.get(connector)
      if (known) return known
      // A reader may still hold a connector that a sync has replaced meanwhile.
      const application = identify(connector)
      return byId.get(application.id) ?? toApplication([{ connector, application }])
    },
    find: (slug) => bySlug.get(slug) ?? byId.get(idOf(tokenize(slug))),
  }
}

function toApplication(group: readonly [Offer, ...Offer[]]): Application {
  const [first, ...others] = group
  // Of "HelpScout" and "Help Scout" the one with more words reads better; which came first must not matter.
  const { slug, name } = others.reduce(
    (best, { application }) => clearer(best, application),
    first.application,
  )
  const offers = group.map(({ connector }) => connector)
  return { slug, name, offers: offers.sort(byProvider) }
}

function clearer(a: ApplicationIdentity, b: ApplicationIdentity): ApplicationIdentity {
  if (a.slug.length !== b.slug.length) return a.slug.length > b.slug.length ? a : b
  return a.name <= b.name ? a : b
}

const byProvider = (a: Connector, b: Connector) =>
  providerKeys.indexOf(a.provider) - providerKeys.indexOf(b.provider) || (a.key < b.key ? -1 : 1)

function slugOf(words: readonly string[]): string {
  const slug = words.join('-')
  if (/^[a-z0-9-]+$/.test(slug)) return slug
  // Letters that an address cannot hold: a name made from them, which stays the same.
  return `app-${createHash('sha256').update(slug).digest('hex').slice(0, 12)}`
}

import { createHash } from 'node:crypto'
import { readData } from '../../data.ts'
import { padToCount, pick, syntheticConnector } from '../../synthetic-rows.ts'

/** A toolkit of the sandbox's Composio catalogue. */
export interface Toolkit {
  readonly slug: string
  readonly name: string
  readonly category: string
  /** `auth_scheme` of its auth configs. */
  readonly scheme: string
  /** Whether the sandbox's project has an auth config for it from the start. */
  readonly authConfig: boolean
  readonly description: string
}

/** Slugs and schemes: composio.dev/toolkits, as far as known. Descriptions: written for the sandbox. */
export const composioToolkits = readData<readonly Toolkit[]>('composio-toolkits')

/** The toolkits by name, padded to `total` with synthetic ones. */
export function createToolkits(total: number) {
  const list = padToCount(composioToolkits, total, syntheticToolkit).toSorted((a, b) =>
    a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1,
  )
  const bySlug = new Map(list.map((toolkit) => [toolkit.slug, toolkit]))
  return { list, find: (slug: string) => bySlug.get(slug) }
}

function syntheticToolkit(index: number): Toolkit {
  const { key, name } = syntheticConnector(index)
  const scheme = pick(['OAUTH2', 'API_KEY', 'NO_AUTH'], index)
  return {
    slug: key,
    name,
    category: 'other',
    scheme,
    authConfig: scheme !== 'NO_AUTH',
    description: 'A toolkit for load tests.',
  }
}

/** Whether accounts are authorized by consent at the application. */
export const isOAuth = ({ scheme }: Pick<Toolkit, 'scheme'>): boolean => /^(DCR_)?OAUTH/.test(scheme)

/** An ID in Composio's format, e.g. `ac_Q2l0eS1hcHBf`, derived from a hash of `name`. */
export function stableId(prefix: string, name: string): string {
  const digest = createHash('sha1').update(`${prefix} ${name}`).digest('base64url')
  return `${prefix}_${digest.slice(0, 12)}`
}

import { readData } from '../../data.ts'

/** V1 has destinations and sources; V2 calls a destination an activation and has no source links. */
export type Kind = 'destination' | 'source' | 'activation'

/** A connection of any kind. */
export interface Connection {
  readonly kind: Kind
  /** A decimal number in V1, `word_word` in V2. */
  readonly id: string
  readonly type: string
  readonly createdAt: string
  name: string
  testSucceeded: boolean | null
  testedAt: string | null
}

/** A destination or source type of the sandbox's Census catalogue. */
export interface CensusType {
  /** The value of `type` on links and connections. */
  readonly serviceName: string
  readonly label: string
  /** Similar to the service name, but not always equal: `activecampaign` documents `active_campaign`. */
  readonly documentationSlug: string
  readonly authMethod: 'oauth' | 'credentials'
  readonly creatableViaConnectLink: boolean
  /** Sources only: whether the advanced sync engine (and with it warehouse writeback) is supported. */
  readonly advancedSync: boolean
}

/**
 * The types that `GET /connectors` (V1) and `GET /activation_types` (V2) return. Service names come from code or
 * documentation where these show them; the others are derived from the documentation slug.
 */
export const censusDestinations = readData<readonly CensusType[]>('census-destinations')

/** The types that `GET /source_types` returns. */
export const censusSources = readData<readonly CensusType[]>('census-sources')

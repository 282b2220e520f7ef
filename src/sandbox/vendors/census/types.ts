import { readData } from '../../data.ts'

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

import { readData } from '../../data.ts'

/** A destination or source type of the sandbox's Census catalogue. */
export interface CensusType {
  /** The value of `type` on links and connections. */
  readonly serviceName: string
  readonly label: string
  /** Resembles the service name but is not one: `activecampaign` documents `active_campaign`. */
  readonly documentationSlug: string
  readonly authMethod: 'oauth' | 'credentials'
  readonly creatableViaConnectLink: boolean
  /** Sources only: whether the advanced sync engine (and with it warehouse writeback) is on offer. */
  readonly advancedSync: boolean
}

/**
 * What `GET /connectors` (V1) and `GET /activation_types` (V2) list. Service names come from code or documentation where
 * these show them; the others follow from their documentation slug.
 */
export const censusDestinations = readData<readonly CensusType[]>('census-destinations')

/** What `GET /source_types` lists. */
export const censusSources = readData<readonly CensusType[]>('census-sources')

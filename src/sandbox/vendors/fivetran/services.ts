import { readData } from '../../data.ts'

/** A Fivetran service as the sandbox's catalogue knows it. */
export interface FivetranService {
  /** The value of `service` on a connection and of `id` in the metadata. */
  readonly key: string
  readonly name: string
  /** Fivetran's own grouping of connectors. */
  readonly type: string
  /** Which naming fields `config` must hold when a connection is created. */
  readonly family: FivetranFamily
  /** Whether the service takes an `auth` object, that is: a person grants access in a consent screen. */
  readonly oauth: boolean
}

export type FivetranFamily = 'schema' | 'schema_table' | 'schema_prefix' | 'schema_table_group'

/**
 * Every service for which Fivetran's API creates connections, by key. Keys, families and auth: the request schemas of
 * POST /v1/connections in Fivetran's published OpenAPI, July 2026. Types: the values of `type` in the answers of GET
 * /v1/metadata/connector-types; which service has which type is a guess.
 */
export const fivetranServices = readData<readonly FivetranService[]>('fivetran-services')

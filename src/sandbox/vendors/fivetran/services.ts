import { readData } from '../../data.ts'

/** A Fivetran service of the sandbox's catalogue. */
export interface FivetranService {
  /** The value of `service` on a connection and of `id` in the metadata. */
  readonly key: string
  readonly name: string
  /** Fivetran's own grouping of connectors. */
  readonly type: string
  /** Which naming fields `config` must hold when a connection is created. */
  readonly family: FivetranFamily
  /** Whether the service accepts an `auth` object, that is, access is granted on an OAuth consent screen. */
  readonly oauth: boolean
}

export type FivetranFamily = 'schema' | 'schema_table' | 'schema_prefix' | 'schema_table_group'

/**
 * Every service for which Fivetran's API creates connections, sorted by key. Keys, families and auth: the request
 * schemas of POST /v1/connections in Fivetran's published OpenAPI, July 2026. Types: the values of `type` in the
 * responses of GET /v1/metadata/connector-types; the assignment of types to services is a guess.
 */
export const fivetranServices = readData<readonly FivetranService[]>('fivetran-services')

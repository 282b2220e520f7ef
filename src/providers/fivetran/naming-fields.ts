import type { ConfigSchema, JsonValue } from '../../domain/json.ts'
import { buildConfigSchema } from '../config-schema.ts'
import { namingFamily, serviceAuth } from './services.ts'

const permanent = 'Permanent, and unique in the destination. Made up by default.'

const schema = { key: 'schema', title: 'Schema', description: permanent } as const
const prefix = { key: 'schema', title: 'Schema prefix', description: permanent } as const
const table = { key: 'table', title: 'Table', description: "The service's own name by default." } as const
const group = { ...table, title: 'Table group' } as const

const fieldsOf = {
  schema: [schema],
  schema_prefix: [prefix],
  schema_table: [schema, table],
  schema_table_group: [schema, group],
} as const

/** What the same names are called in Fivetran's `config`. */
const configNames = {
  schema: ['schema'],
  schema_prefix: ['schema_prefix'],
  schema_table: ['schema', 'table'],
  schema_table_group: ['schema', 'table_group_name'],
} as const

const isListed = (service: string) => serviceAuth(service) !== 'UNKNOWN'

/** The fields of `config` that the block has names of its own for; none for a service that is newer than our list. */
export const namesInConfig = (service: string): readonly string[] =>
  isListed(service) ? configNames[namingFamily(service)] : []

/**
 * What the `fivetran` block may give: the names in the destination, of a service that is not newer than our list, and
 * the `config` where Fivetran has described it. `null`: neither.
 */
export const optionsSchema = (service: string, config?: JsonValue): ConfigSchema | null =>
  buildConfigSchema(
    isListed(service) ? fieldsOf[namingFamily(service)] : [],
    config === undefined ? {} : { config },
  )

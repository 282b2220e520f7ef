import { inputSchema } from '../connector-inputs.ts'
import type { InputSchema } from '../provider.ts'
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

/** The names in the destination that the `fivetran` block may give; `null` for a service that is newer than our list. */
export const namingInputs = (service: string): InputSchema | null =>
  serviceAuth(service) === 'UNKNOWN' ? null : inputSchema(fieldsOf[namingFamily(service)])

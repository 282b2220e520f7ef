import type { ConfigSchema } from '../domain/json.ts'
import type { Database } from './database.ts'
import type { ConfigSchemaRow } from './schema.ts'

/** Returns the stored config schemas of these connectors, by connector key. */
export async function findConfigSchemas(
  db: Database,
  accountKey: string,
  keys: readonly string[],
): Promise<Map<string, Pick<ConfigSchemaRow, 'configSchema' | 'readAt'>>> {
  const rows = await db
    .selectFrom('configSchemas')
    .selectAll()
    .where('accountKey', '=', accountKey)
    .where('key', 'in', [...keys])
    .execute()
  return new Map(rows.map((row) => [row.key, row]))
}

/** Inserts or replaces the config schema of a connector. */
export async function saveConfigSchema(
  db: Database,
  connector: { readonly accountKey: string; readonly key: string },
  read: { readonly configSchema: ConfigSchema | null; readonly at: Date },
): Promise<void> {
  const row = { configSchema: read.configSchema && JSON.stringify(read.configSchema), readAt: read.at }
  await db
    .insertInto('configSchemas')
    .values({ ...connector, ...row })
    .onConflict((conflict) => conflict.columns(['accountKey', 'key']).doUpdateSet(row))
    .execute()
}

/** Deletes config schemas that were last read from the provider before `before`. */
export async function deleteConfigSchemas(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('configSchemas').where('readAt', '<', before).execute()
}

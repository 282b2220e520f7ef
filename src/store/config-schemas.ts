import type { ConfigSchema } from '../domain/json.ts'
import type { Database } from './database.ts'
import type { ConfigSchemaRow } from './schema.ts'

/** What has been read about these connectors, by key. */
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

/** Puts what was read in place of what was read before. */
export async function saveConfigSchema(
  db: Database,
  connector: { readonly accountKey: string; readonly key: string },
  found: { readonly configSchema: ConfigSchema | null; readonly at: Date },
): Promise<void> {
  const row = { configSchema: found.configSchema && JSON.stringify(found.configSchema), readAt: found.at }
  await db
    .insertInto('configSchemas')
    .values({ ...connector, ...row })
    .onConflict((conflict) => conflict.columns(['accountKey', 'key']).doUpdateSet(row))
    .execute()
}

/** What nobody has asked for since. */
export async function deleteConfigSchemas(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('configSchemas').where('readAt', '<', before).execute()
}

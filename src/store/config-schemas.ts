import type { ConfigSchema } from '../domain/json.ts'
import type { Database } from './database.ts'
import type { ConnectorInputsRow } from './schema.ts'

/** What has been read about these connectors, by key. */
export async function findInputs(
  db: Database,
  scope: string,
  keys: readonly string[],
): Promise<Map<string, Pick<ConnectorInputsRow, 'inputs' | 'read_at'>>> {
  const rows = await db
    .selectFrom('connector_inputs')
    .selectAll()
    .where('scope', '=', scope)
    .where('key', 'in', [...keys])
    .execute()
  return new Map(rows.map((row) => [row.key, row]))
}

/** Puts what was read in place of what was read before. */
export async function saveInputs(
  db: Database,
  connector: { readonly scope: string; readonly key: string },
  found: { readonly inputs: ConfigSchema | null; readonly at: Date },
): Promise<void> {
  const row = { inputs: found.inputs && JSON.stringify(found.inputs), read_at: found.at }
  await db
    .insertInto('connector_inputs')
    .values({ ...connector, ...row })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doUpdateSet(row))
    .execute()
}

/** What nobody has asked for since. */
export async function forgetInputs(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('connector_inputs').where('read_at', '<', before).execute()
}

import { sql } from 'kysely'
import { testDatabase } from '../helpers/database.ts'

/** Every row of every table as text, the way a dump of the database shows it. */
export async function everyRow(): Promise<string> {
  const db = await testDatabase({ keep: true })
  const tables = await db.introspection.getTables()
  const rows = tables.map(({ name }) =>
    sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(db),
  )
  return (await Promise.all(rows)).flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n')
}

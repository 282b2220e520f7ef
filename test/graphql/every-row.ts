import { sql } from 'kysely'
import { testDatabase } from '../helpers/database.ts'

/** Returns every row of every table as text, one row per line, as in a database dump. */
export async function everyRow(): Promise<string> {
  const db = await testDatabase({ keep: true })
  const tables = await db.introspection.getTables()
  const rows = tables.map(({ name }) =>
    sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(db),
  )
  return (await Promise.all(rows)).flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n')
}

import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { vi } from 'vitest'

/** States of syncs and suspensions: read at most every 250 ms or every second, whatever the requests are. */
const states = /from "sync_state" where "kind"|from "provider_suspensions"/

/**
 * Returns a function that counts the SQL statements sent while `work` runs, on PGlite and on PostgreSQL, without those that
 * read those states.
 */
export function countStatements() {
  const spies = [vi.spyOn(PGlite.prototype, 'query'), vi.spyOn(pg.Client.prototype, 'query')]
  return async (work: () => Promise<unknown>): Promise<number> => {
    for (const spy of spies) spy.mockClear()
    await work()
    const statements = spies.flatMap((spy) => spy.mock.calls.map(([statement]) => String(statement)))
    return statements.filter((statement) => !states.test(statement)).length
  }
}

import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { vi } from 'vitest'

/** Read at most every 250 ms, whatever the requests are. */
const syncStates = /from "sync_state" where "kind"/

/**
 * Returns a function that counts the SQL statements sent while `work` runs, on PGlite and on PostgreSQL, without those that
 * read the states of syncs.
 */
export function countStatements() {
  const spies = [vi.spyOn(PGlite.prototype, 'query'), vi.spyOn(pg.Client.prototype, 'query')]
  return async (work: () => Promise<unknown>): Promise<number> => {
    for (const spy of spies) spy.mockClear()
    await work()
    const statements = spies.flatMap((spy) => spy.mock.calls.map(([statement]) => String(statement)))
    return statements.filter((statement) => !syncStates.test(statement)).length
  }
}

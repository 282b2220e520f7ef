import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { vi } from 'vitest'

/** Returns a function that counts the SQL statements sent while `work` runs, on PGlite and on PostgreSQL. */
export function countStatements() {
  const spies = [vi.spyOn(PGlite.prototype, 'query'), vi.spyOn(pg.Client.prototype, 'query')]
  return async (work: () => Promise<unknown>): Promise<number> => {
    for (const spy of spies) spy.mockClear()
    await work()
    return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  }
}

import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { vi } from 'vitest'

/** How many statements the databases are given, whichever of them the suite runs on. */
export function countStatements() {
  const spies = [vi.spyOn(PGlite.prototype, 'query'), vi.spyOn(pg.Client.prototype, 'query')]
  return async (work: () => Promise<unknown>): Promise<number> => {
    for (const spy of spies) spy.mockClear()
    await work()
    return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  }
}

import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'

/** How the connections of a pool are used, and how many callers wait for one. */
export interface PoolUsage {
  readonly in_use: number
  readonly idle: number
  readonly waiting: number
}

export interface MeasuredPool extends PostgresPool {
  usage(): PoolUsage
}

interface Result {
  readonly rows: unknown[]
  readonly rowCount: number | null
  readonly command: string
}

type Run = (text: string, parameters: unknown[]) => Promise<Result>

/** A client for Kysely from a function that runs one statement. Cursors are not supported. */
export function toPoolClient(run: Run, release: () => void): PostgresPoolClient {
  function query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query(
    text: string | PostgresCursor<unknown>,
    parameters: readonly unknown[] = [],
  ): Promise<Result> | PostgresCursor<unknown> {
    if (typeof text !== 'string') throw new Error('cursors are not supported')
    return run(text, [...parameters])
  }
  return { query: query as PostgresPoolClient['query'], release }
}

import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { type Database, storePlugins } from '../../src/store/database.ts'
import { asViewer, type RowAccess } from '../../src/store/row-access.ts'
import type { Schema } from '../../src/store/schema.ts'

interface PlanNode {
  readonly 'Relation Name'?: string | undefined
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number | undefined
  readonly 'Rows Removed by Index Recheck'?: number | undefined
  readonly Plans?: readonly PlanNode[] | undefined
}

const planNode: z.ZodType<PlanNode> = z.object({
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  'Rows Removed by Index Recheck': z.number().optional(),
  get Plans() {
    return z.array(planNode).optional()
  },
})

const explainOutput = z.tuple([
  z.object({
    'QUERY PLAN': z.tuple([
      z.object({
        Plan: planNode.and(z.object({ 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() })),
        'Execution Time': z.number(),
        JIT: z.object({}).optional(),
      }),
    ]),
  }),
])

export interface Cost {
  /** Table rows that were read, including those that a filter removed. */
  readonly rows: number
  /** Blocks of 8 KB. */
  readonly blocks: number
  readonly ms: number
  /** The estimated cost was so high that PostgreSQL compiled the statement, which takes longer than running it. */
  readonly isCompiled: boolean
}

/** Opens a PostgreSQL database that can measure the cost of statements. */
export function openExplaining(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  let last: CompiledQuery | undefined
  const db: Database = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: storePlugins,
    log: ({ query }) => {
      last = query
    },
  })
  return {
    db,
    /**
     * Runs `work`, runs its last statement again with EXPLAIN ANALYZE and the access of a session, and returns the cost of
     * that statement: with a plan for these values, or with the one that fits all values, which a prepared statement may use.
     */
    async costOf(
      work: () => Promise<unknown>,
      { access = null, isGeneric = false }: { access?: RowAccess | null; isGeneric?: boolean } = {},
    ): Promise<Cost> {
      await work()
      const { sql, parameters } = last ?? CompiledQuery.raw('select 1')
      const explain = 'explain (analyze, buffers, format json)'
      const run = (reader: Database) =>
        isGeneric
          ? executePrepared(reader, explain, { sql, parameters })
          : reader.executeQuery(CompiledQuery.raw(`${explain} ${sql}`, [...parameters]))
      const { rows } = access === null ? await db.transaction().execute(run) : await asViewer(db, access, run)
      const [{ 'QUERY PLAN': plans }] = explainOutput.parse(rows)
      const [{ Plan, 'Execution Time': ms, JIT: jit }] = plans
      const blocks = Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']
      return { rows: rowsRead(Plan), blocks, ms, isCompiled: jit !== undefined }
    },
    close: () => db.destroy(),
  }
}

/** Runs a statement in a transaction as a prepared one that was planned without its values. */
async function executePrepared(
  transaction: Database,
  explain: string,
  { sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>,
) {
  const run = (text: string) => transaction.executeQuery(CompiledQuery.raw(text))
  await run('set local plan_cache_mode = force_generic_plan')
  await run(`prepare explained as ${sql}`)
  const values = parameters.length === 0 ? '' : `(${parameters.map(toLiteral).join(', ')})`
  const result = await run(`${explain} execute explained ${values}`)
  await run('deallocate explained')
  return result
}

function toLiteral(value: unknown): string {
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString())
  if (Array.isArray(value))
    return pg.escapeLiteral(`{${value.map((item) => JSON.stringify(item)).join(',')}}`)
  return typeof value === 'string' ? pg.escapeLiteral(value) : String(value)
}

function rowsRead(node: PlanNode): number {
  const rowsPerLoop =
    node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  const own = node['Relation Name'] === undefined ? 0 : rowsPerLoop * node['Actual Loops']
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), own)
}

import type { PostgresPoolClient } from 'kysely'
import type { Tracing } from '../domain/tracing.ts'
import { type MeasuredPool, toPoolClient } from './pool-client.ts'

const setTraceParent = `select set_config('gateway.trace_parent', $1, true)`

/**
 * Records each statement of a running span, by its operation and table, without its text and its parameters. Changes carry
 * `traceparent` of the span in the setting `gateway.trace_parent` of their transaction: the columns `trace_parent` have it by
 * default.
 */
export function tracePool(pool: MeasuredPool, tracing: Tracing): MeasuredPool {
  return {
    connect: async () => traceClient(await pool.connect(), tracing),
    end: () => pool.end(),
    usage: pool.usage,
  }
}

function traceClient(client: PostgresPoolClient, tracing: Tracing): PostgresPoolClient {
  let isInTransaction = false

  /** A statement of its own, in a transaction in which the setting applies. */
  async function runTraced(text: string, parameters: unknown[], traceParent: string) {
    await client.query('begin', [])
    try {
      await client.query(setTraceParent, [traceParent])
      const result = await client.query(text, parameters)
      await client.query('commit', [])
      return result
    } catch (error) {
      // The first error counts. If the connection is lost, so is the transaction.
      await client.query('rollback', []).catch(() => undefined)
      throw error
    }
  }

  /** Without the setting the transaction has not begun for the caller, who does not end it. */
  async function setInTransaction(traceParent: string): Promise<void> {
    try {
      await client.query(setTraceParent, [traceParent])
    } catch (error) {
      isInTransaction = false
      await client.query('rollback', []).catch(() => undefined)
      throw error
    }
  }

  async function run(text: string, parameters: unknown[]) {
    const traceParent = tracing.traceParent()
    const isStart = /^(begin|start transaction)/.test(text)
    const isEnd = text === 'commit' || text === 'rollback'
    if (traceParent === undefined || isEnd) {
      if (isStart || isEnd) isInTransaction = isStart
      return client.query(text, parameters)
    }
    if (isStart) {
      isInTransaction = true
      const result = await client.query(text, parameters)
      if (!text.includes('read only')) await setInTransaction(traceParent)
      return result
    }
    const { name, attributes } = describe(text)
    return tracing.run(name, { kind: 'CLIENT', attributes }, () =>
      !isInTransaction && queuesWebhooks.test(text)
        ? runTraced(text, parameters, traceParent)
        : client.query(text, parameters),
    )
  }

  return toPoolClient(run, () => client.release())
}

/** Statements whose triggers queue webhooks, or that queue them. */
const queuesWebhooks =
  /\b(insert into "?(connect_links|link_transitions)\b|(insert into|update|delete from) "?connections\b|queue_webhook\()/

const table = /\b(?:insert into|update|delete from|from) "?([a-z_]+)/
const operation = /\b(insert|update|delete|merge|select)\b/

/** The table is that of the first change, else the first one that is read. */
function describe(text: string) {
  const change =
    /\b(insert) into "?([a-z_]+)|\b(update) "?([a-z_]+)"? set\b|\b(delete) from "?([a-z_]+)/.exec(text)
  const [verb = operation.exec(text)?.[0] ?? 'other', name = table.exec(text)?.[1]] =
    change?.slice(1).filter((part) => part !== undefined) ?? []
  return {
    name: name === undefined ? verb : `${verb} ${name}`,
    attributes: { 'db.system.name': 'postgresql', 'db.operation.name': verb, 'db.collection.name': name },
  }
}

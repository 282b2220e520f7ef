import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { Config } from '../app/config.ts'
import { type AuditChain, sealAuditEvents, sealedEvents } from '../store/audit-chain.ts'
import { verifyAuditChain } from '../store/audit-verification.ts'
import type { Database } from '../store/database.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import { CommandError } from './command-error.ts'
import { databaseLocation } from './database-location.ts'

const usage = 'Usage: audit verify [--head <hash>]\n       audit export [--since <time>]'

/**
 * `verify`: writes how many events of the hash chain verify, with the hash of the last one; throws CommandError with the
 * first event that does not. `export`: writes the events in order, one JSON object per line. Throws CommandError for
 * invalid arguments.
 */
export async function audit(config: Config, args: readonly string[], output: Writable): Promise<void> {
  const request = parse(args)
  const database = await openMigratedDatabase(databaseLocation(config))
  // The database is closed even after an error, which releases the lock on the data folder.
  try {
    await sealAuditEvents(database.db)
    if (request.action === 'verify') output.write(`${await verify(database.db, request.head)}\n`)
    else await exportEvents(database.db, request.since, output)
  } finally {
    await database.close()
  }
}

function parse(args: readonly string[]) {
  const options = { head: { type: 'string' }, since: { type: 'string' } } as const
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [action, ...rest] = positionals
    const since = values.since === undefined ? null : new Date(values.since)
    if (rest.length === 0 && action === 'verify' && since === null)
      return { action, head: values.head ?? null } as const
    const isTime = since === null || !Number.isNaN(since.getTime())
    if (rest.length === 0 && action === 'export' && isTime && values.head === undefined)
      return { action, since } as const
  } catch {
    // An unknown option, or one without its value.
  }
  throw new CommandError(usage)
}

async function verify(db: Database, head: string | null): Promise<string> {
  const { problem, ...result } = await verifyAuditChain(db, head)
  if (problem !== null) throw new CommandError(`The audit log does not verify. ${problem}`)
  return `Verified: ${result.events} events${rangeOf(result)}, ${result.erased} of them without personal data.\nHead: ${result.head.hash}`
}

const rangeOf = ({ trimmed, head }: AuditChain) =>
  head.number > trimmed.number ? ` (${trimmed.number + 1} to ${head.number})` : ''

async function exportEvents(db: Database, since: Date | null, output: Writable): Promise<void> {
  await pipeline(linesOf(db, since), output, { end: false }).catch((error: NodeJS.ErrnoException) => {
    // The reader has enough, as in `audit export | head`.
    if (error.code !== 'EPIPE') throw error
  })
}

async function* linesOf(db: Database, since: Date | null): AsyncGenerator<string> {
  for await (const { id: _, ...event } of sealedEvents(db, since)) yield `${JSON.stringify(event)}\n`
}

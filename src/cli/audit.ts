import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../app/config.ts'
import { type AuditChain, sealAuditEvents, sealedEvents } from '../store/audit-chain.ts'
import { verifyAuditChain } from '../store/audit-verification.ts'
import type { Database } from '../store/database.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import { CommandError } from './command-error.ts'
import { databaseLocation } from './database-location.ts'
import { type Output, progress } from './output.ts'

/**
 * The result is how many events of the hash chain verify, with the hash of the last one. Throws CommandError with the first
 * event that does not. `head`: a hash that must be part of the chain.
 */
export async function verifyAudit(config: Config, head: string | null, output: Output): Promise<void> {
  progress.show('verifying the audit log …')
  const { problem, ...chain } = await onSealedEvents(config, (db) => verifyAuditChain(db, head)).finally(
    progress.clear,
  )
  if (problem !== null) throw new CommandError(`The audit log does not verify. ${problem}`)
  const { events, erased, trimmed, head: last } = chain
  output.result(
    `Verified: ${events} events${rangeOf(chain)}, ${erased} of them without personal data.\nHead: ${last.hash}`,
    { events, erased, first: trimmed.number + 1, last: last.number, head: last.hash },
  )
}

/** Writes the events in order, one JSON object per line; `since`: only those from then on. */
export const exportAudit = (config: Config, since: Date | null, output: Writable): Promise<void> =>
  onSealedEvents(config, (db) => exportEvents(db, since, output))

async function onSealedEvents<Result>(
  config: Config,
  use: (db: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openMigratedDatabase(databaseLocation(config))
  // The database is closed even after an error, which releases the lock on the data folder.
  try {
    await sealAuditEvents(database.db)
    return await use(database.db)
  } finally {
    await database.close()
  }
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

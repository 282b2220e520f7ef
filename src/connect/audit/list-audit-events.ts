import { sealAuditEvents } from '../../store/audit-chain.ts'
import {
  type AuditFilter,
  type AuditPageRequest,
  countAuditEvents,
  listAuditEvents as listRows,
} from '../../store/audit-list.ts'
import type { Page } from '../../store/keyset-pagination.ts'
import type { AuditEventRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

export interface AuditEventList extends Page<AuditEventRow> {
  /** `null`: too many to count. */
  count(): Promise<number | null>
}

/** One page of the audit log, newest first, with all events in the hash chain. */
export async function listAuditEvents(
  { db }: ConnectContext,
  { filter, page }: { readonly filter: AuditFilter; readonly page: AuditPageRequest },
): Promise<AuditEventList> {
  await sealAuditEvents(db)
  const found = await listRows(db, filter, page)
  return { ...found, count: () => countAuditEvents(db, filter) }
}

import { createHash, randomBytes } from 'node:crypto'
import type { AuditEvent, AuditOrigin } from '../domain/audit.ts'
import { isValidText } from '../domain/valid-text.ts'
import type { Database } from './database.ts'
import type { AuditEventRow } from './schema.ts'

export interface NewAuditEvent extends AuditEvent, AuditOrigin {
  readonly at: Date
}

const maxTextLength = 500

/** Appends events to the audit log, in the transaction of the change that they record, if there is one. */
export async function insertAuditEvents(db: Database, events: readonly NewAuditEvent[]): Promise<void> {
  if (events.length > 0) await db.insertInto('auditEvents').values(events.map(toAuditRow)).execute()
}

/** The columns of a new event. */
export function toAuditRow({ at, actor, targets = [], ...event }: NewAuditEvent) {
  const personal = {
    endUserId: storable(event.endUserId),
    address: storable(event.address),
    userAgent: storable(event.userAgent),
  }
  const personalSalt = randomBytes(16).toString('base64url')
  return {
    createdAt: at,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    organizationId: storable(event.organizationId),
    operation: event.operation,
    outcome: event.outcome,
    errorCode: event.errorCode ?? null,
    targets: targets.map(({ type, id }) => `${type}:${id}`),
    requestId: event.requestId,
    ...personal,
    personalSalt,
    personalDigest: personalDigest({ ...personal, personalSalt }),
  }
}

/** Texts that a caller chooses: of a refused call they were not validated. */
const storable = (text: string | null | undefined) =>
  text != null && isValidText(text) ? text.slice(0, maxTextLength) : null

/**
 * SHA-256 of the salt and the personal columns. The hash chain covers this digest instead of the columns: they can be
 * cleared and the chain still verifies. Without the salt, the digest does not show whether a guess was right.
 */
export const personalDigest = ({
  personalSalt,
  endUserId,
  address,
  userAgent,
}: Pick<AuditEventRow, 'personalSalt' | 'endUserId' | 'address' | 'userAgent'>): string =>
  createHash('sha256')
    .update(JSON.stringify([personalSalt, endUserId, address, userAgent]))
    .digest('hex')

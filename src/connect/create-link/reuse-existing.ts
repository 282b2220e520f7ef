import { randomUUID } from 'node:crypto'
import { ConflictError } from '../../domain/errors.ts'
import { insertLink } from '../../store/connect-links.ts'
import { findUsableConnection } from '../../store/connection-duplicates.ts'
import { storeResponse } from '../../store/idempotency-keys.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import type { LinkCreation } from './execute.ts'
import { reusedLinkRecord } from './link-record.ts'
import type { ValidatedLink } from './validate-link.ts'
import { type CreatedLink, linkWarnings } from './warnings.ts'

/**
 * Applies the duplicate policy when the end user already has a usable connection of the connector, in the same organization and
 * with the same owner: REUSE gives a completed
 * link to it, REJECT a ConflictError, ALLOW `null`, as when there is no such connection. The external account is unknown before the
 * end user signs in, so a connection of any account counts.
 */
export async function reuseExisting(
  context: ConnectContext,
  creation: LinkCreation,
): Promise<CreatedLink | null> {
  const existing = await findExisting(context, creation.link)
  if (existing === undefined) return null
  if (creation.link.input.duplicatePolicy === 'REUSE') return reuse(context, creation, existing)
  throw new ConflictError('INVALID_STATE', 'The end user has a connection of this connector already.')
}

/** The connection to which the duplicate policy applies; `undefined`: there is none, or the policy is ALLOW. */
export async function findExisting(
  { db }: ConnectContext,
  { input, provider, direction }: ValidatedLink,
): Promise<ConnectionRow | undefined> {
  if (input.duplicatePolicy === 'ALLOW') return undefined
  return findUsableConnection(db, {
    accountKey: provider.accountKey,
    endUserId: input.endUser.id,
    organizationId: input.endUser.organization?.id ?? null,
    owner: input.ownedBy,
    connectorKey: input.connector,
    direction,
  })
}

async function reuse(
  context: ConnectContext,
  { link, reservation, selection }: LinkCreation,
  existing: ConnectionRow,
): Promise<CreatedLink> {
  const linkId = reservation?.linkId ?? randomUUID()
  const connectLink = reusedLinkRecord(context, link, { linkId, connectionId: existing.id })
  const warnings = linkWarnings(link, { outcome: { kind: 'connected' }, record: connectLink })
  const { status, createdAt: at } = connectLink
  const step = { toStatus: status, at, source: 'API_CALL', reason: 'REUSED' } as const
  await context.db.transaction().execute(async (transaction) => {
    await insertLink(transaction, connectLink, step)
    if (reservation !== null) await storeResponse(transaction, reservation, { warnings, selection })
  })
  return { connectLink, replayed: false, warnings, selection }
}

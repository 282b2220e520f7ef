import { randomUUID } from 'node:crypto'
import { ConflictError } from '../../domain/errors.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { insertLink } from '../../store/connect-links.ts'
import { findUsable } from '../../store/connection-duplicates.ts'
import { answerKey } from '../../store/idempotency-keys.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import type { Making } from './execute.ts'
import { reusedLink } from './link-record.ts'
import { type CreatedLink, linkWarnings } from './warnings.ts'

/**
 * What the caller wants done when its end user has a usable connection of the connector already: nothing is sent then. A
 * finished link that leads to it, a refusal, or `null`: a new one is to be made. Whose account it is to be nobody knows
 * before the end user signs in, so any account counts.
 */
export async function answerDuplicate(
  context: ConnectContext,
  provider: ConfiguredProvider,
  making: Making,
): Promise<CreatedLink | null> {
  const { input, direction } = making.plan
  if (input.duplicatePolicy === 'ALLOW') return null
  const present = await findUsable(context.db, {
    scope: provider.scope,
    endUserId: input.endUser.id,
    connectorKey: input.connector,
    direction,
  })
  if (present === undefined) return null
  if (input.duplicatePolicy === 'REUSE') return reuse(context, provider, { ...making, present })
  throw new ConflictError('INVALID_STATE', 'The end user has a connection of this connector already.')
}

async function reuse(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { plan, reservation, selection, present }: Making & { readonly present: ConnectionRow },
): Promise<CreatedLink> {
  const linkId = reservation?.linkId ?? randomUUID()
  const link = reusedLink(context, provider, { plan, linkId, connectionId: present.id })
  const warnings = linkWarnings(provider, plan.input, { outcome: { kind: 'connected' }, link })
  const { status, created_at: at } = link
  const step = { from_status: null, to_status: status, at, source: 'API_CALL', reason: 'REUSED' } as const
  await context.db.transaction().execute(async (transaction) => {
    await insertLink(transaction, link, step)
    if (reservation !== null) await answerKey(transaction, reservation, { warnings, selection })
  })
  return { connectLink: link, replayed: false, warnings, selection }
}

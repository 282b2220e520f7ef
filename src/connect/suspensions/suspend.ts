import { randomUUID } from 'node:crypto'
import { ConflictError, InvalidInputError, NotFoundError } from '../../domain/errors.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import type { SuspensionReads } from '../../domain/suspension.ts'
import { isValidText } from '../../domain/valid-text.ts'
import { findProviderAccount } from '../../store/provider-accounts.ts'
import { endSuspension, findSuspension, insertSuspension } from '../../store/provider-suspensions.ts'
import type { ProviderSuspensionRow } from '../../store/schema.ts'
import { recordedChange } from '../audit/recorded-change.ts'
import type { ConnectContext } from '../context.ts'

export interface SuspendRequest {
  readonly provider: ProviderKey
  /** An account of an organization; `null`: all accounts at the provider. */
  readonly accountId: string | null
  /** When the incident began; `null`: now. */
  readonly since: Date | null
  readonly reason: string
  readonly reads: SuspensionReads
}

const maxReasonLength = 500

/**
 * Suspends a provider, or one account of an organization at it, on every gateway. Throws InvalidInputError, NotFoundError
 * for an unknown account, ConflictError if it is suspended already.
 */
export async function suspendProvider(
  context: ConnectContext,
  { accountId, since, ...request }: SuspendRequest,
): Promise<ProviderSuspensionRow> {
  const createdAt = context.now()
  const reason = request.reason.trim()
  if (reason === '' || reason.length > maxReasonLength || !isValidText(reason))
    throw new InvalidInputError([
      { path: ['reason'], message: `must have 1 to ${maxReasonLength} characters` },
    ])
  if (since !== null && since > createdAt)
    throw new InvalidInputError([{ path: ['since'], message: 'must not be in the future' }])
  const accountKey = accountId === null ? null : await accountKeyOf(context, request.provider, accountId)
  const row = {
    ...request,
    id: randomUUID(),
    accountKey,
    reason,
    since: since ?? createdAt,
    createdAt,
    resumedAt: null,
  }
  const isInserted = await recordedChange(context, changeOf('suspended', row), (transaction) =>
    insertSuspension(transaction, row),
  )
  if (!isInserted) throw new ConflictError('INVALID_STATE', 'It is suspended already.')
  await context.suspensions.reload()
  return row
}

async function accountKeyOf(context: ConnectContext, provider: ProviderKey, id: string): Promise<string> {
  const account = await findProviderAccount(context.db, id)
  if (account?.provider === provider) return account.accountKey
  throw new NotFoundError('There is no such account at the provider.')
}

const changeOf = (change: 'suspended' | 'resumed', { id }: Pick<ProviderSuspensionRow, 'id'>) => ({
  operation: `provider.${change}`,
  target: { type: 'ProviderSuspension', id },
})

/** Ends a suspension on every gateway. Throws NotFoundError, ConflictError if it has ended already. */
export async function resumeProvider(context: ConnectContext, id: string): Promise<ProviderSuspensionRow> {
  if ((await findSuspension(context.db, id)) === undefined)
    throw new NotFoundError('There is no such suspension.')
  const row = await recordedChange(context, changeOf('resumed', { id }), (transaction) =>
    endSuspension(transaction, id, context.now()),
  )
  if (row === undefined) throw new ConflictError('INVALID_STATE', 'The suspension has ended already.')
  await context.suspensions.reload()
  return row
}

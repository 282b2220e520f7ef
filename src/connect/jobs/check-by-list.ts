import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinks } from '../../store/connect-links.ts'
import { findListedLinks, type ListedLinksRequest, recordListCheck } from '../../store/list-checks.ts'
import type { ConnectContext } from '../context.ts'
import { expireIfDue } from '../links/end-link.ts'
import { openInterval } from '../links/poll-interval.ts'
import type { CompleteSync, ConnectionList } from '../sync-scheduler.ts'

const batchSize = 5_000
const firstId = '00000000-0000-0000-0000-000000000000'
/** An expired link that could not be ended is checked again. */
const retryExpiredMs = 60_000

/** The due links of an account whose checks its list of connections can answer. */
export const listedLinksRequest = (
  { instanceId }: ConnectContext,
  { accountKey, capabilities }: ConfiguredProvider,
  now: Date,
): ListedLinksRequest => ({ instanceId, accountKey, purposes: capabilities.checkedByList, now })

/**
 * Checks the links of an account that were due when the read of a list of all its connections began: those for which the
 * list shows nothing are still open, or expire. Returns the IDs of the others, which have to be read at the provider.
 */
export async function checkByList(
  context: ConnectContext,
  account: ConfiguredProvider,
  list: CompleteSync<ConnectionList>,
): Promise<readonly string[]> {
  const { db } = context
  const request = listedLinksRequest(context, account, list.startedAt)
  const others: string[] = []
  let afterId = firstId
  for (;;) {
    const links = await findListedLinks(db, request, { afterId, limit: batchSize })
    const pending = links.filter(({ remoteConnectionId }) => remoteConnectionId !== null)
    const listed = pending.filter(({ remoteConnectionId, ...link }) =>
      list.mayContain({ ...link, remoteId: remoteConnectionId ?? '' }),
    )
    const checked = new Set<string>()
    for (const [ofKind, hasPendingConnection] of [
      [listed, true],
      [links.filter(({ remoteConnectionId }) => remoteConnectionId === null), false],
    ] as const) {
      const ids = ofKind.map(({ id }) => id)
      for (const id of await recordOpen(context, { ...request, ids, hasPendingConnection })) checked.add(id)
    }
    others.push(...links.flatMap(({ id }) => (checked.has(id) ? [] : [id])))
    const last = links.at(-1)
    if (last === undefined || links.length < batchSize) return others
    afterId = last.id
  }
}

/** Returns the IDs of the links that were checked. */
async function recordOpen(
  context: ConnectContext,
  check: ListedLinksRequest & { readonly ids: readonly string[]; readonly hasPendingConnection: boolean },
): Promise<readonly string[]> {
  if (check.ids.length === 0) return []
  const now = context.now()
  const checked = await recordListCheck(context.db, {
    ...check,
    readAt: check.now,
    now,
    interval: openInterval,
    expiredNextAt: new Date(now.getTime() + retryExpiredMs),
  })
  const expired = checked.flatMap(({ id, isExpired }) => (isExpired ? [id] : []))
  for (const link of await findLinks(context.db, expired)) await expireIfDue(context, link)
  return checked.map(({ id }) => id)
}

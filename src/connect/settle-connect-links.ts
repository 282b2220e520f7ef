import { GatewayError } from '../errors.ts'
import type { Call } from '../http/client.ts'
import type { LinkProgress, OpenLink, RemoteConnection } from '../providers/provider.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import { moveLink, openRivals, overdueLinks, takeLinksToCheck } from '../store/connect-links.ts'
import { saveConnections, takenRemoteIds } from '../store/connections.ts'
import type { ConnectLinkRow, LinkStatus } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'
import { atMost } from './syncs.ts'

const recheckAfterMs = 2_000
const linksPerRead = 50

/**
 * Asks the providers about open links that have not been asked about for two seconds, and settles those that are
 * done. A reader waits for it only so long; what takes longer is there at the next read.
 */
export async function settleOpenLinks(context: ConnectContext, call: Call): Promise<void> {
  const now = context.now()
  const links = await takeLinksToCheck(context.db, {
    scopes: context.providers.scopes,
    now,
    notSince: new Date(now.getTime() - recheckAfterMs),
    limit: linksPerRead,
  })
  const work = Promise.all(
    context.providers.configured.map((provider) =>
      settleLinksOf(context, provider, {
        links: links.filter(({ scope }) => scope === provider.scope),
        call,
      }),
    ),
  )
  await atMost(context.patienceMs, work)
  await expireOverdue(context)
}

/** Asks about all at once and settles one after the other, so that two links never claim one connection. */
async function settleLinksOf(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { links, call }: { readonly links: readonly ConnectLinkRow[]; readonly call: Call },
): Promise<void> {
  const newestFirst = links.toSorted((a, b) => b.created_at.getTime() - a.created_at.getTime())
  const checks = await Promise.all(newestFirst.map((link) => check(context, provider, { link, call })))
  for (const [index, link] of newestFirst.entries()) {
    const progress = checks[index]
    if (progress !== undefined) await settle(context, provider, { link, progress, call })
  }
}

/** What the provider says, or nothing: a provider in trouble leaves the link as it is until the next read. */
async function check(
  { log, catalogue }: ConnectContext,
  provider: ConfiguredProvider,
  { link, call }: { readonly link: ConnectLinkRow; readonly call: Call },
): Promise<LinkProgress | undefined> {
  try {
    const connectorName = catalogue.get(provider.key, link.connector_key)?.name ?? null
    return await provider.adapter.checkLink(toOpenLink(link, connectorName), call)
  } catch (error) {
    const known = error instanceof GatewayError ? { code: error.code } : { err: error }
    if (!call.signal.aborted)
      log.warn({ provider: provider.key, linkId: link.id, ...known }, 'a link could not be checked')
    return undefined
  }
}

interface Settlement {
  readonly link: ConnectLinkRow
  readonly progress: LinkProgress
  readonly call: Call
}

async function settle(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, progress, call }: Settlement,
) {
  switch (progress.kind) {
    case 'completed':
      return complete(context, provider, { link, connection: progress.connection, call })
    case 'candidates':
      return settleCandidates(context, provider, { link, candidates: progress.connections, call })
    case 'ended':
      return end(context, link, { status: progress.status, reason: progress.reason })
    case 'open':
      return expireIfDue(context, link)
  }
}

/** Nothing is guessed: a connection goes to a link only when nobody else's link could have made it. */
async function settleCandidates(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, candidates, call }: { link: ConnectLinkRow; candidates: readonly RemoteConnection[]; call: Call },
): Promise<void> {
  const taken = await takenRemoteIds(context.db, link.scope, candidates)
  const [connection, ...others] = candidates.filter(({ remoteId }) => !taken.has(remoteId))
  if (connection === undefined) return expireIfDue(context, link)
  if (others.length > 0) return end(context, link, { status: 'FAILED', reason: 'AMBIGUOUS' })
  const isNamed = connection.endUserId === link.end_user_id
  const rivals = isNamed ? [] : await openRivals(context.db, link)
  if (rivals.some(({ end_user_id }) => end_user_id !== link.end_user_id)) return expireIfDue(context, link)
  return complete(context, provider, { link, connection, call })
}

async function complete(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, connection, call }: { link: ConnectLinkRow; connection: RemoteConnection; call: Call },
): Promise<void> {
  const started = await start(context, provider, { link, connection, call })
  if (started === undefined) return
  const now = context.now()
  await context.db.transaction().execute(async (transaction) => {
    const endUser = { id: link.end_user_id, name: link.end_user_name, email: link.end_user_email }
    const origin = { provider: provider.key, scope: provider.scope, now }
    const owner = { endUser, tags: link.tags, listed: true }
    const [saved] = await saveConnections(transaction, origin, [started], owner)
    if (saved === undefined) return
    const move = {
      to_status: 'COMPLETED',
      at: now,
      source: 'PROVIDER_POLL',
      reason: null,
      connection_id: saved.id,
    } as const
    await moveLink(transaction, link.id, move)
  })
  context.connectionSyncs.expire(provider)
}

/** The connection at work; as it is when the provider refuses to start it; nothing when another try may help. */
async function start(
  { log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, call }: { link: ConnectLinkRow; connection: RemoteConnection; call: Call },
): Promise<RemoteConnection | undefined> {
  try {
    return (await adapter.startConnection?.(connection, link.memo, call)) ?? connection
  } catch (error) {
    const code = error instanceof GatewayError ? error.code : undefined
    log.warn({ provider: key, linkId: link.id, code }, 'a finished connection could not be started')
    return code === 'PROVIDER_REJECTED' || code === 'PROVIDER_UNAUTHORIZED' ? connection : undefined
  }
}

function toOpenLink(link: ConnectLinkRow, connectorName: string | null): OpenLink {
  return {
    linkId: link.id,
    connectorKey: link.connector_key,
    connectorName,
    direction: link.direction,
    endUserId: link.end_user_id,
    remoteLinkId: link.remote_link_id,
    remoteGroup: link.remote_group,
    remoteConnectionId: link.remote_connection_id,
    memo: link.memo,
    createdAt: link.created_at,
  }
}

async function end(
  { db, now }: ConnectContext,
  link: ConnectLinkRow,
  { status, reason }: { readonly status: LinkStatus; readonly reason: string },
): Promise<void> {
  const move = { to_status: status, at: now(), source: 'PROVIDER_POLL', reason } as const
  await db.transaction().execute((transaction) => moveLink(transaction, link.id, move))
}

const isDue = ({ expires_at }: ConnectLinkRow, now: Date) =>
  expires_at !== null && expires_at.getTime() <= now.getTime()

/** Only after the provider was asked once more: what was finished in the last second counts. */
async function expireIfDue({ db, now }: ConnectContext, link: ConnectLinkRow): Promise<void> {
  if (!isDue(link, now())) return
  const move = { to_status: 'EXPIRED', at: now(), source: 'GATEWAY_CLOCK', reason: null } as const
  await db.transaction().execute((transaction) => moveLink(transaction, link.id, move))
}

const graceMs = 3_600_000

/** A link whose provider could not be asked for an hour after its end, or is no longer configured, ends all the same. */
async function expireOverdue(context: ConnectContext): Promise<void> {
  const before = new Date(context.now().getTime() - graceMs)
  for (const link of await overdueLinks(context.db, before, linksPerRead)) await expireIfDue(context, link)
}

import { GatewayError } from '../errors.ts'
import type { Call } from '../http/client.ts'
import type { ProviderKey } from '../provider-key.ts'
import type { LinkProgress, OpenLink } from '../providers/provider.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import { overdueLinks, takeLinksToCheck } from '../store/connect-links.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import type { ConnectContext } from './context.ts'
import { expireIfDue, type Settlement, settle } from './settle-connect-link.ts'
import { atMost } from './syncs.ts'

const recheckAfterMs = 2_000
const linksPerRead = 50

/** Which open links a reader is interested in. */
export interface LinkChoice {
  readonly linkId?: string
  readonly providers?: readonly ProviderKey[] | null | undefined
}

/**
 * Asks the providers about open links that have not been asked about for two seconds, and settles those that are
 * done. A reader waits for it only so long; what takes longer is there at the next read.
 */
export async function settleOpenLinks(
  context: ConnectContext,
  choice: LinkChoice,
  call: Call,
): Promise<void> {
  const { now, linksInHand } = context
  const asked = context.providers.configured.filter(({ key }) => choice.providers?.includes(key) ?? true)
  const taken = await takeLinksToCheck(context.db, {
    scopes: asked.map(({ scope }) => scope),
    now: now(),
    notSince: new Date(now().getTime() - recheckAfterMs),
    limit: linksPerRead,
    linkId: choice.linkId ?? null,
  })
  // Settling may take longer than the pause between two looks; nothing is begun twice.
  const links = taken.filter(({ id }) => !linksInHand.has(id))
  const work = asked.map((provider) =>
    settleLinksOf(context, provider, { links: links.filter(({ scope }) => scope === provider.scope), call }),
  )
  await atMost(context.patienceMs, Promise.all(work))
  await expireOverdue(context)
}

/** Asks about all at once and settles one after the other, the newest first. */
async function settleLinksOf(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { links, call }: { readonly links: readonly ConnectLinkRow[]; readonly call: Call },
): Promise<void> {
  const newestFirst = links.toSorted((a, b) => b.created_at.getTime() - a.created_at.getTime())
  for (const { id } of newestFirst) context.linksInHand.add(id)
  const checks = newestFirst.map((link) => check(context, provider, { link, call }))
  for (const [index, link] of newestFirst.entries()) {
    const progress = await checks[index]
    if (progress !== undefined) await settleOne(context, provider, { link, progress, call })
    context.linksInHand.delete(link.id)
  }
}

/** One link that cannot be settled is a matter for the log; it must not hide the others. */
async function settleOne(context: ConnectContext, provider: ConfiguredProvider, settlement: Settlement) {
  try {
    await settle(context, provider, settlement)
  } catch (err) {
    context.log.error(
      { err, provider: provider.key, linkId: settlement.link.id },
      'a link could not be settled',
    )
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
    const line = { provider: provider.key, linkId: link.id, ...known }
    if (!call.signal.aborted) log.warn(line, 'a link could not be checked')
    return undefined
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

const graceMs = 3_600_000

/** A link whose provider could not answer for an hour after its end, or is no longer configured, ends all the same. */
async function expireOverdue(context: ConnectContext): Promise<void> {
  const { db, providers, now } = context
  const at = { before: new Date(now().getTime() - graceMs), scopes: providers.scopes, limit: linksPerRead }
  for (const link of await overdueLinks(db, at)) {
    await expireIfDue(context, link)
  }
}

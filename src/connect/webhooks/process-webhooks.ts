import { z } from 'zod'
import { detached, type RequestContext } from '../../http/http-types.ts'
import type { ProviderEvent } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinks, findLinksByRemoteConnection } from '../../store/connect-links.ts'
import { findByRemoteId } from '../../store/connections.ts'
import type { ConnectLinkRow, WebhookDeliveryRow } from '../../store/schema.ts'
import { finishDelivery, lockDueDeliveries } from '../../store/webhook-deliveries.ts'
import { fetchConnection } from '../connections/refresh-connection.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, lockLinkForCheck } from '../links/check-links.ts'
import { isEnded } from '../links/status.ts'

/** Sealed news open only in their own row. */
export const eventEncryptionContext = (deliveryId: string): string => `delivery/${deliveryId}/news`

const storedEvents = z.array(
  z.object({
    kind: z.enum(['CONNECTED', 'FAILED', 'CHANGED']),
    remoteId: z.string().nullable(),
    at: z.coerce.date().nullable(),
    reason: z.string().nullable(),
  }),
)

const perRound = 20
const maxAttempts = 10

/** Handles what providers have reported and nobody has handled yet, the oldest first. */
export async function processWebhooks(
  context: ConnectContext,
  accountKeys: readonly string[] = context.providers.accountKeys,
): Promise<void> {
  const { db, now, log } = context
  const at = now()
  const due = await lockDueDeliveries(db, { now: at, accountKeys, limit: perRound })
  for (const delivery of due) {
    // Caught, because one delivery that cannot be handled must not keep back the others; it is tried again.
    try {
      const isHandled = await handle(context, delivery)
      if (isHandled || delivery.attempts >= maxAttempts) await finishDelivery(db, delivery.id)
    } catch (err) {
      log.warn({ err, deliveryId: delivery.id }, 'a delivery could not be handled')
      if (delivery.attempts >= maxAttempts) await finishDelivery(db, delivery.id)
    }
  }
}

/** `false`: somebody is asking about its link at the moment, or the provider did not answer. */
async function handle(context: ConnectContext, delivery: WebhookDeliveryRow): Promise<boolean> {
  const { providers, encryption } = context
  const provider = providers.byAccountKey(delivery.accountKey)
  if (provider === undefined) return true
  const text = encryption.decrypt(delivery.eventEncrypted, eventEncryptionContext(delivery.id))
  const call = detached()
  for (const news of storedEvents.parse(JSON.parse(text))) {
    const links = await linksOf(context, delivery, news)
    for (const link of links)
      if (!(await reconcileFromEvent(context, provider, { link, news, call }))) return false
    const known =
      news.remoteId === null || delivery.linkId !== null
        ? undefined
        : await findByRemoteId(context.db, delivery.accountKey, news.remoteId)
    if (known?.visible) await fetchConnection(context, provider, known)
  }
  return true
}

function linksOf(
  { db }: ConnectContext,
  { linkId, accountKey }: WebhookDeliveryRow,
  { remoteId }: ProviderEvent,
): Promise<readonly ConnectLinkRow[]> {
  if (linkId !== null) return findLinks(db, [linkId])
  return remoteId === null ? Promise.resolve([]) : findLinksByRemoteConnection(db, accountKey, remoteId)
}

interface LinkEvent {
  readonly link: ConnectLinkRow
  readonly news: ProviderEvent
  readonly call: RequestContext
}

/** Has the link asked about, in the light of the news: nothing of it counts before it is read back. */
async function reconcileFromEvent(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, news, call }: LinkEvent,
): Promise<boolean> {
  const isOver = isEnded(link.status)
  if (isOver && link.nextCheckAt === null) return true
  const links = isOver ? [link] : await lockLinkForCheck(context, link.id, link.accountKey)
  const { isComplete } = await checkLinks(context, provider, {
    links,
    event: news,
    call,
    source: 'PROVIDER_WEBHOOK',
  })
  if (links.length > 0) return isComplete
  return isEnded((await findLinks(context.db, [link.id]))[0]?.status ?? 'EXPIRED')
}

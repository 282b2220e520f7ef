import { z } from 'zod'
import { type Call, uncancelled } from '../../http/http-types.ts'
import type { ProviderNews } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinks, findLinksOf } from '../../store/connect-links.ts'
import { findByRemoteId } from '../../store/connections.ts'
import type { ConnectLinkRow, DeliveryRow } from '../../store/schema.ts'
import { finishDelivery, takeDeliveries } from '../../store/webhook-deliveries.ts'
import { readAnew } from '../connections/refresh-connection.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, takeLinkNow } from '../links/check-links.ts'
import { isEnded } from '../links/status.ts'

/** Sealed news open only in their own row. */
export const newsPlace = (deliveryId: string): string => `delivery/${deliveryId}/news`

const storedNews = z.array(
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
export async function handleDeliveries(
  context: ConnectContext,
  scopes: readonly string[] = context.providers.scopes,
): Promise<void> {
  const { db, now, log } = context
  const at = now()
  const due = await takeDeliveries(db, { now: at, scopes, limit: perRound })
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
async function handle(context: ConnectContext, delivery: DeliveryRow): Promise<boolean> {
  const { providers, secrets } = context
  const provider = providers.ofScope(delivery.scope)
  if (provider === undefined) return true
  const text = secrets.open(delivery.news_sealed, newsPlace(delivery.id))
  const call = uncancelled()
  for (const news of storedNews.parse(JSON.parse(text))) {
    const links = await linksOf(context, delivery, news)
    for (const link of links) if (!(await tell(context, provider, { link, news, call }))) return false
    const known =
      news.remoteId === null || delivery.link_id !== null
        ? undefined
        : await findByRemoteId(context.db, delivery.scope, news.remoteId)
    if (known?.listed) await readAnew(context, provider, known)
  }
  return true
}

function linksOf(
  { db }: ConnectContext,
  { link_id, scope }: DeliveryRow,
  { remoteId }: ProviderNews,
): Promise<readonly ConnectLinkRow[]> {
  if (link_id !== null) return findLinks(db, [link_id])
  return remoteId === null ? Promise.resolve([]) : findLinksOf(db, scope, remoteId)
}

interface Told {
  readonly link: ConnectLinkRow
  readonly news: ProviderNews
  readonly call: Call
}

/** Has the link asked about, in the light of the news: nothing of it counts before it is read back. */
async function tell(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, news, call }: Told,
): Promise<boolean> {
  const isOver = isEnded(link.status)
  if (isOver && link.next_check_at === null) return true
  const links = isOver ? [link] : await takeLinkNow(context, link.id, link.scope)
  const { isComplete } = await checkLinks(context, provider, {
    links,
    news,
    call,
    source: 'PROVIDER_WEBHOOK',
  })
  if (links.length > 0) return isComplete
  return isEnded((await findLinks(context.db, [link.id]))[0]?.status ?? 'EXPIRED')
}

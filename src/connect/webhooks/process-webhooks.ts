import { z } from 'zod'
import { failureCodes } from '../../domain/statuses.ts'
import { backgroundWork, type RequestContext } from '../../http/http-types.ts'
import type { ProviderEvent } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { withAuditOrigin } from '../../store/audit-origin.ts'
import { findLinks, findLinksByRemoteConnection } from '../../store/connect-links.ts'
import { findByRemoteId } from '../../store/connections.ts'
import type { ConnectLinkRow, WebhookDeliveryRow } from '../../store/schema.ts'
import { finishDelivery, lockDueDeliveries } from '../../store/webhook-deliveries.ts'
import { fetchConnection } from '../connections/refresh-connection.ts'
import type { ConnectContext } from '../context.ts'
import { checkLinks, lockLinkForCheck } from '../links/check-links.ts'
import { isEnded } from '../links/status.ts'

/** Additional authenticated data of the stored events: they decrypt only in the row of their delivery. */
export const eventEncryptionContext = (deliveryId: string): string => `webhook-delivery/${deliveryId}/event`

const storedEvents = z.array(
  z.object({
    kind: z.enum(['CONNECTED', 'FAILED', 'CHANGED']),
    remoteId: z.string().nullable(),
    at: z.coerce.date().nullable(),
    failure: z.object({ code: z.enum(failureCodes), message: z.string().nullable() }).nullable(),
  }),
)

/** How many deliveries are processed at a time: a half-open circuit breaker lets one call pass. */
const batches = [
  ['CLOSED', 20],
  ['HALF_OPEN', 1],
] as const
const maxAttempts = 10

/** Processes a batch of webhook deliveries that are due, oldest first. Default: of all configured accounts. */
export async function processWebhooks(
  context: ConnectContext,
  accountKeys: readonly string[] = context.providers.accountKeys,
): Promise<void> {
  const { db, now, log } = context
  const at = now()
  const due: WebhookDeliveryRow[] = []
  // Attempts are limited: none is used up while the circuit breaker of an account is open.
  for (const [circuit, limit] of batches) {
    const keys = accountKeys.filter((key) => context.health.circuit(key) === circuit)
    if (keys.length > 0) due.push(...(await lockDueDeliveries(db, { now: at, accountKeys: keys, limit })))
  }
  for (const delivery of due) {
    // Caught, so that the other deliveries are still processed; this one is retried.
    try {
      const actor = { kind: 'PROVIDER', id: providerOf(context, delivery)?.key ?? null, name: null } as const
      const isProcessed = await withAuditOrigin({ actor }, () => traced(context, delivery))
      if (isProcessed || delivery.attempts >= maxAttempts) await finishDelivery(db, delivery.id)
    } catch (err) {
      log.warn({ err, deliveryId: delivery.id }, 'a webhook delivery could not be processed')
      if (delivery.attempts >= maxAttempts) await finishDelivery(db, delivery.id)
    }
  }
}

const providerOf = ({ providers }: ConnectContext, { accountKey }: WebhookDeliveryRow) =>
  providers.byAccountKey(accountKey)

function traced(context: ConnectContext, delivery: WebhookDeliveryRow): Promise<boolean> {
  const attributes = {
    'connect.provider': providerOf(context, delivery)?.key,
    'connect.link_id': delivery.linkId ?? undefined,
    'connect.attempt': delivery.attempts,
  }
  const options = { isRoot: true, attributes }
  return context.tracing.run('process a webhook', options, () => processDelivery(context, delivery))
}

/** `false`: another check holds the lock of the link, or the provider did not answer. */
async function processDelivery(context: ConnectContext, delivery: WebhookDeliveryRow): Promise<boolean> {
  const { encryption } = context
  const provider = providerOf(context, delivery)
  if (provider === undefined) return true
  const text = encryption.decrypt(delivery.eventEncrypted, eventEncryptionContext(delivery.id))
  const call = backgroundWork()
  for (const event of storedEvents.parse(JSON.parse(text))) {
    const links = await linksOf(context, delivery, event)
    for (const link of links)
      if (!(await reconcileFromEvent(context, provider, { link, event, call }))) return false
    const known =
      event.remoteId === null || delivery.linkId !== null
        ? undefined
        : await findByRemoteId(context.db, delivery.accountKey, event.remoteId)
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
  readonly event: ProviderEvent
  readonly call: RequestContext
}

/**
 * Checks the link at the provider with the event as a hint: an event alone never changes state. `false`: to be retried.
 */
async function reconcileFromEvent(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { link, event, call }: LinkEvent,
): Promise<boolean> {
  const isOver = isEnded(link.status)
  if (isOver && link.nextCheckAt === null) return true
  const links = isOver ? [link] : await lockLinkForCheck(context, link.id, link.accountKey)
  const { isComplete } = await checkLinks(context, provider, {
    links,
    event,
    call,
    source: 'PROVIDER_WEBHOOK',
  })
  if (links.length > 0) return isComplete
  const [current] = await findLinks(context.db, [link.id])
  return current === undefined || isEnded(current.status) || current.heldUntil !== null
}

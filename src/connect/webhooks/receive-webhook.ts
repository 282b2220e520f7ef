import { createHash, randomUUID } from 'node:crypto'
import type { ProviderEvent, WebhookDelivery } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinkByToken } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { insertDelivery } from '../../store/webhook-deliveries.ts'
import type { ConnectContext } from '../context.ts'
import { eventEncryptionContext, processWebhooks } from './process-webhooks.ts'
import { isOwnAddress, signingSecrets } from './webhook-address.ts'

/** A POST to a webhook URL of the gateway; not authenticated yet. */
export interface WebhookRequest extends Pick<WebhookDelivery, 'body' | 'headers'> {
  /** As in the URL, in lower case: "pipedream". */
  readonly provider: string
  /** The last path segment of the URL, which only the provider knows. */
  readonly secret: string
}

/**
 * Accepts a POST with the secret URL and, where the provider signs, a valid signature. Stores each delivery once and
 * processes it in the background. `false`: it is not from the provider.
 */
export async function receiveWebhook(context: ConnectContext, request: WebhookRequest): Promise<boolean> {
  const address = await findAddress(context, request)
  if (address === undefined) return false
  const { provider } = address
  const secrets = signingSecrets(context, provider.accountKey)
  const events = provider.adapter.parseWebhook?.({ ...request, secrets })
  if (events === undefined) return false
  if (events.length > 0)
    await store(context, provider, { events, linkId: address.linkId, digest: digestOf(request) })
  return true
}

interface Address {
  readonly provider: ConfiguredProvider
  /** `null`: the webhook URL of the whole account. */
  readonly linkId: string | null
}

/** The account, and the link, whose webhook URL it is; `undefined`: the secret is wrong. */
async function findAddress(
  context: ConnectContext,
  request: Pick<WebhookRequest, 'provider' | 'secret'>,
): Promise<Address | undefined> {
  const { db, providers } = context
  const accounts = providers.accounts.filter(({ key }) => key.toLowerCase() === request.provider)
  if (accounts.length === 0) return undefined
  const link = await findLinkByToken(db, 'webhookTokenHash', hashToken(request.secret))
  const ofLink = accounts.find(({ accountKey }) => accountKey === link?.accountKey)
  if (ofLink && link) return { provider: ofLink, linkId: link.id }
  const own = accounts.find(({ accountKey }) => isOwnAddress(context, accountKey, request.secret))
  return own && { provider: own, linkId: null }
}

interface ParsedWebhook {
  readonly events: readonly ProviderEvent[]
  readonly linkId: string | null
  readonly digest: string
}

async function store(
  context: ConnectContext,
  { accountKey }: ConfiguredProvider,
  { events, linkId, digest }: ParsedWebhook,
): Promise<void> {
  const { db, encryption, now } = context
  const id = randomUUID()
  const eventEncrypted = encryption.encrypt(JSON.stringify(events), eventEncryptionContext(id))
  const times = { receivedAt: now(), nextAttemptAt: now() }
  const isNew = await insertDelivery(db, { id, accountKey, digest, linkId, eventEncrypted, ...times })
  if (isNew) context.background('process webhook deliveries', processWebhooks(context))
}

/** Identifies a delivery by its URL and body: neither provider sends a delivery id. */
const digestOf = ({ provider, secret, body }: WebhookRequest) =>
  createHash('sha256').update(`${provider}/${secret}\n`).update(body).digest('base64url')

import { createHash, randomUUID } from 'node:crypto'
import type { ProviderEvent, WebhookDelivery } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinkByToken } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { insertDelivery } from '../../store/webhook-deliveries.ts'
import type { ConnectContext } from '../context.ts'
import { eventEncryptionContext, processWebhooks } from './process-webhooks.ts'
import { isOwnAddress, signingSecrets } from './webhook-address.ts'

/** What somebody posted to an address of ours. */
export interface WebhookRequest extends Pick<WebhookDelivery, 'body' | 'headers'> {
  /** As the address writes it: "pipedream". */
  readonly provider: string
  /** The address's last part, which only the provider knows. */
  readonly secret: string
}

/**
 * Believes a post that knows its address and, where the provider signs, is signed; stores it once and has it handled
 * afterwards. `false`: it is not from the provider.
 */
export async function receiveWebhook(context: ConnectContext, post: WebhookRequest): Promise<boolean> {
  const provider = context.providers.configured.find(({ key }) => key.toLowerCase() === post.provider)
  const address = provider && (await findAddress(context, provider, post.secret))
  if (provider === undefined || address === undefined) return false
  const secrets = signingSecrets(context, provider.accountKey)
  const news = provider.adapter.parseWebhook?.({ ...post, secrets })
  if (news === undefined) return false
  if (news.length > 0)
    await store(context, provider, { news, linkId: address.linkId, digest: digestOf(post) })
  return true
}

/** A link's own address, or the one for everything else. */
async function findAddress(
  context: ConnectContext,
  { accountKey }: ConfiguredProvider,
  secret: string,
): Promise<{ readonly linkId: string | null } | undefined> {
  const link = await findLinkByToken(context.db, 'webhookTokenHash', hashToken(secret))
  if (link?.accountKey === accountKey) return { linkId: link.id }
  return isOwnAddress(context, accountKey, secret) ? { linkId: null } : undefined
}

interface ParsedWebhook {
  readonly news: readonly ProviderEvent[]
  readonly linkId: string | null
  readonly digest: string
}

async function store(
  context: ConnectContext,
  { accountKey }: ConfiguredProvider,
  { news, linkId, digest }: ParsedWebhook,
): Promise<void> {
  const { db, encryption, now } = context
  const id = randomUUID()
  const eventEncrypted = encryption.encrypt(JSON.stringify(news), eventEncryptionContext(id))
  const at = { receivedAt: now(), nextAttemptAt: now() }
  const isNew = await insertDelivery(db, { id, accountKey, digest, linkId, eventEncrypted, ...at })
  if (isNew) context.background('handling a delivery', processWebhooks(context))
}

/** The same bytes to the same address are the same delivery: neither provider numbers them. */
const digestOf = ({ provider, secret, body }: WebhookRequest) =>
  createHash('sha256').update(`${provider}/${secret}\n`).update(body).digest('base64url')

import { createHash, randomUUID } from 'node:crypto'
import type { Delivery, ProviderNews } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinkByToken } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { insertDelivery } from '../../store/webhook-deliveries.ts'
import type { ConnectContext } from '../context.ts'
import { handleDeliveries, newsPlace } from './process-webhooks.ts'
import { isOurAddress, signingSecrets } from './webhook-address.ts'

/** What somebody posted to an address of ours. */
export interface Post extends Pick<Delivery, 'body' | 'headers'> {
  /** As the address writes it: "pipedream". */
  readonly provider: string
  /** The address's last part, which only the provider knows. */
  readonly secret: string
}

/**
 * Believes a post that knows its address and, where the provider signs, is signed; stores it once and has it handled
 * afterwards. `false`: it is not from the provider.
 */
export async function receiveDelivery(context: ConnectContext, post: Post): Promise<boolean> {
  const provider = context.providers.configured.find(({ key }) => key.toLowerCase() === post.provider)
  const address = provider && (await findAddress(context, provider, post.secret))
  if (provider === undefined || address === undefined) return false
  const secrets = signingSecrets(context, provider.scope)
  const news = provider.adapter.readDelivery?.({ ...post, secrets })
  if (news === undefined) return false
  if (news.length > 0)
    await store(context, provider, { news, linkId: address.linkId, digest: digestOf(post) })
  return true
}

/** A link's own address, or the one for everything else. */
async function findAddress(
  context: ConnectContext,
  { scope }: ConfiguredProvider,
  secret: string,
): Promise<{ readonly linkId: string | null } | undefined> {
  const link = await findLinkByToken(context.db, 'webhook_token_hash', hashToken(secret))
  if (link?.scope === scope) return { linkId: link.id }
  return isOurAddress(context, scope, secret) ? { linkId: null } : undefined
}

interface News {
  readonly news: readonly ProviderNews[]
  readonly linkId: string | null
  readonly digest: string
}

async function store(
  context: ConnectContext,
  { scope }: ConfiguredProvider,
  { news, linkId, digest }: News,
): Promise<void> {
  const { db, secrets, now } = context
  const id = randomUUID()
  const news_sealed = secrets.seal(JSON.stringify(news), newsPlace(id))
  const at = { received_at: now(), try_at: now() }
  const isNew = await insertDelivery(db, { id, scope, digest, link_id: linkId, news_sealed, ...at })
  if (isNew) context.inBackground('handling a delivery', handleDeliveries(context))
}

/** The same bytes to the same address are the same delivery: neither provider numbers them. */
const digestOf = ({ provider, secret, body }: Post) =>
  createHash('sha256').update(`${provider}/${secret}\n`).update(body).digest('base64url')

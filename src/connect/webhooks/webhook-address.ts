import { timingSafeEqual } from 'node:crypto'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectContext } from '../context.ts'
import { gatewayUrl } from '../links/link-url.ts'

/**
 * Webhook URL of an account and the secret to sign with. Neither is stored: both are derived from the encryption key.
 */
export interface WebhookAddress {
  readonly url: string
  readonly secret: string
}

const pathsOf = ({ encryption }: Pick<ConnectContext, 'encryption'>, accountKey: string) =>
  encryption.derive(`webhook-path/${accountKey}`)

/** The secret of the current encryption key first, then those of old keys. */
export const signingSecrets = (
  { encryption }: Pick<ConnectContext, 'encryption'>,
  accountKey: string,
): readonly string[] => encryption.derive(`webhook-signature/${accountKey}`)

/** The webhook URL for events of the whole account; links have URLs of their own in addition. */
export function webhookAddress(
  context: Pick<ConnectContext, 'encryption' | 'publicUrl'>,
  { key, accountKey }: ConfiguredProvider,
): WebhookAddress {
  const [path = ''] = pathsOf(context, accountKey)
  const [secret = ''] = signingSecrets(context, accountKey)
  return { url: gatewayUrl(context.publicUrl, `webhooks/${key.toLowerCase()}/${path}`), secret }
}

/** Whether `path` is the secret path of the account. Compares hashes in constant time, against timing attacks. */
export const isOwnAddress = (context: ConnectContext, accountKey: string, path: string): boolean =>
  pathsOf(context, accountKey).some((own) => timingSafeEqual(digest(own), digest(path)))

const digest = (text: string) => Buffer.from(hashToken(text))

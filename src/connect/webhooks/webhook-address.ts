import { timingSafeEqual } from 'node:crypto'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectContext } from '../context.ts'
import { gatewayUrl } from '../links/link-url.ts'

/** Where a provider reports to, and the secrets with which it may sign. Nothing of it is stored: it follows from the gateway's key. */
export interface WebhookAddress {
  readonly url: string
  readonly secret: string
}

const pathsOf = ({ encryption }: Pick<ConnectContext, 'encryption'>, accountKey: string) =>
  encryption.derive(`webhook-path/${accountKey}`)

/** The present one first, then those of old encryption keys. */
export const signingSecrets = (
  { encryption }: Pick<ConnectContext, 'encryption'>,
  accountKey: string,
): readonly string[] => encryption.derive(`webhook-signature/${accountKey}`)

/** The address for everything that a provider reports, beside those of single links. */
export function webhookAddress(
  context: Pick<ConnectContext, 'encryption' | 'publicUrl'>,
  { key, accountKey }: ConfiguredProvider,
): WebhookAddress {
  const [path = ''] = pathsOf(context, accountKey)
  const [secret = ''] = signingSecrets(context, accountKey)
  return { url: gatewayUrl(context.publicUrl, `webhooks/${key.toLowerCase()}/${path}`), secret }
}

/** Whether somebody knows the address. Hashes are compared, so that a guess learns nothing from the time it takes. */
export const isOwnAddress = (context: ConnectContext, accountKey: string, path: string): boolean =>
  pathsOf(context, accountKey).some((ours) => timingSafeEqual(digest(ours), digest(path)))

const digest = (text: string) => Buffer.from(hashToken(text))

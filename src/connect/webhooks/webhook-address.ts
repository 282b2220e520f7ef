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

const pathsOf = ({ secrets }: Pick<ConnectContext, 'secrets'>, scope: string) =>
  secrets.derive(`webhook-path/${scope}`)

/** The present one first, then those of old encryption keys. */
export const signingSecrets = (
  { secrets }: Pick<ConnectContext, 'secrets'>,
  scope: string,
): readonly string[] => secrets.derive(`webhook-signature/${scope}`)

/** The address for everything that a provider reports, beside those of single links. */
export function webhookAddress(
  context: Pick<ConnectContext, 'secrets' | 'publicUrl'>,
  { key, scope }: ConfiguredProvider,
): WebhookAddress {
  const [path = ''] = pathsOf(context, scope)
  const [secret = ''] = signingSecrets(context, scope)
  return { url: gatewayUrl(context.publicUrl, `webhooks/${key.toLowerCase()}/${path}`), secret }
}

/** Whether somebody knows the address. Hashes are compared, so that a guess learns nothing from the time it takes. */
export const isOurAddress = (context: ConnectContext, scope: string, path: string): boolean =>
  pathsOf(context, scope).some((ours) => timingSafeEqual(digest(ours), digest(path)))

const digest = (text: string) => Buffer.from(hashToken(text))

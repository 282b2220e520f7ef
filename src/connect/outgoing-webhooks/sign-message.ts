import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { Encryption } from '../../store/encryption.ts'
import type { WebhookEndpointRow } from '../../store/schema.ts'

const prefix = 'whsec_'

/** A new secret in the form of Standard Webhooks: 32 random bytes. */
export const newSecret = (): string => prefix + randomBytes(32).toString('base64')

/** Whether a text is a secret in that form, of 24 to 64 bytes. */
export function isSecret(text: string): boolean {
  const base64 = text.slice(prefix.length)
  const { length } = Buffer.from(base64, 'base64')
  return text.startsWith(prefix) && /^[A-Za-z\d+/]+=*$/.test(base64) && length >= 24 && length <= 64
}

const context = (endpointId: string) => `webhook-endpoint/${endpointId}/secret`

export const encryptSecret = (encryption: Encryption, endpointId: string, secret: string): string =>
  encryption.encrypt(secret, context(endpointId))

export const decryptSecret = (encryption: Encryption, endpointId: string, encrypted: string): string =>
  encryption.decrypt(encrypted, context(endpointId))

/**
 * The headers of Standard Webhooks. Within the overlap of a rotation there is a signature by each of the two secrets.
 * `webhook-id` is the same for each attempt.
 */
export function signedHeaders(
  encryption: Encryption,
  endpoint: WebhookEndpointRow,
  { id, body, now }: { readonly id: string; readonly body: string; readonly now: Date },
): Readonly<Record<string, string>> {
  const { previousSecretEncrypted, previousSecretExpiresAt } = endpoint
  const isOverlap = previousSecretExpiresAt !== null && previousSecretExpiresAt > now
  const secrets = [
    endpoint.secretEncrypted,
    ...(isOverlap && previousSecretEncrypted !== null ? [previousSecretEncrypted] : []),
  ]
  const messageId = `msg_${id}`
  const signatures = secrets.map((encrypted) =>
    new Webhook(decryptSecret(encryption, endpoint.id, encrypted)).sign(messageId, now, body),
  )
  return {
    'content-type': 'application/json',
    'user-agent': 'connect-gateway',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  }
}

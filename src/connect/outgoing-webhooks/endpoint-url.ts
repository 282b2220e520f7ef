import { parseUrl } from '../../domain/parse-url.ts'
import { isPublicAddress, literalAddress } from '../../http/public-address.ts'

/** Which addresses webhooks may be sent to. */
export interface WebhookPolicy {
  /** Whether addresses of private networks and of this machine are allowed, and http. */
  readonly allowPrivate: boolean
}

const maxLength = 2_000

/** Why a URL cannot be that of a webhook endpoint; `null`: it can. Names are resolved when a message is sent. */
export function endpointUrlProblem(text: string, { allowPrivate }: WebhookPolicy): string | null {
  const url = parseUrl(text)
  if (url === null || text.length > maxLength) return `must be a URL of at most ${maxLength} characters`
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'must be an https URL'
  if (url.username !== '' || url.password !== '') return 'must not contain credentials: messages are signed'
  if (url.hash !== '') return 'must not have a fragment'
  const address = literalAddress(url)
  const isPrivate = (address !== null && !isPublicAddress(address)) || url.hostname === 'localhost'
  if (isPrivate && !allowPrivate) return 'must be a public address, unless WEBHOOK_ALLOW_PRIVATE is true'
  return null
}

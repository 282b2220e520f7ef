import { z } from 'zod'
import { parseUrl } from '../../domain/parse-url.ts'
import type { Expiry, LinkRequest } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'

/** A page's origin alone: anything after the host would never match a browser's `Origin` header. */
function readOrigin(text: string): string | null {
  const url = parseUrl(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  return url.href === `${url.origin}/` ? url.origin : null
}

// Coerced, because the API's URL scalar hands over URL objects.
const origin = z.coerce.string().transform((text, context): string => {
  const read = readOrigin(text)
  if (read !== null) return read
  const message = 'must be an http or https origin, such as https://app.example.com'
  context.issues.push({ code: 'custom', message, input: text })
  return z.NEVER
})

const word = z.string().trim().min(1, 'must not be blank').nullish()

/** Pipedream's own block of the input. */
export const linkOptions = z.object({
  allowedOrigins: z.array(origin).nullish(),
  oauthAppId: word,
  scope: word,
  allowProgressiveScopes: z.boolean().nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

export const tokenAnswer = z.object({ expires_at: z.string().nullish(), connect_link_url: z.string() })

/** The body that asks for a token and its link. JSON leaves out what is undefined. */
export function newToken(request: LinkRequest<LinkOptions>) {
  const { endUser, options, expiresInSeconds } = request
  return {
    external_user_id: endUser.id,
    success_redirect_uri: request.redirectUri,
    error_redirect_uri: request.errorRedirectUri,
    webhook_uri: request.webhookUri ?? undefined,
    expires_in: expiresInSeconds ?? undefined,
    allowed_origins: options.allowedOrigins ?? undefined,
    scope: options.scope ?? undefined,
    allow_progressive_scopes: options.allowProgressiveScopes ?? undefined,
  }
}

/** The answered link does not know the app: without it the page has nothing to connect. */
export function linkToApp(link: string, { connectorKey, options }: LinkRequest<LinkOptions>): string {
  const url = new URL(link)
  url.searchParams.set('app', connectorKey)
  if (options.oauthAppId != null) url.searchParams.set('oauthAppId', options.oauthAppId)
  return url.href
}

/** The link to connect an account anew that is there. */
export function linkToAccount(link: string, accountId: string): string {
  const url = new URL(link)
  url.searchParams.set('accountId', accountId)
  return url.href
}

/** Four hours, the default and the most: pipedream.com/docs/connect/api-reference/create-connect-token */
export const tokenLifeSeconds = 14_400

export function tokenExpiry(expiresAt: string | null | undefined, now: Date): Expiry {
  const at = parseDate(expiresAt)
  return at === null
    ? { at: new Date(now.getTime() + tokenLifeSeconds * 1000), source: 'PROVIDER_DEFAULT' }
    : { at, source: 'PROVIDER' }
}

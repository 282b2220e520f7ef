import { z } from 'zod'
import { parseUrl } from '../../domain/parse-url.ts'
import type { Expiry, LinkRequest } from '../adapter.ts'
import { parseDate, timestamp } from '../parse-date.ts'

/** Returns `null` unless `text` is just an origin: with a path it would never match a browser's `Origin` header. */
function parseOrigin(text: string): string | null {
  const url = parseUrl(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  return url.href === `${url.origin}/` ? url.origin : null
}

// Coerced, because the URL scalar of the GraphQL API passes URL objects.
const origin = z.coerce.string().transform((text, context): string => {
  const parsed = parseOrigin(text)
  if (parsed !== null) return parsed
  const message = 'must be an http or https origin, such as https://app.example.com'
  context.issues.push({ code: 'custom', message, input: text })
  return z.NEVER
})

const nonBlankString = z.string().trim().min(1, 'must not be blank').nullish()

/** The `pipedream` options block of the input. */
export const linkOptions = z.object({
  allowedOrigins: z.array(origin).nullish(),
  oauthAppId: nonBlankString,
  scope: nonBlankString,
  allowProgressiveScopes: z.boolean().nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

export const tokenResponse = z.object({ expires_at: timestamp, connect_link_url: z.string() })

/**
 * The request body that creates a token. JSON.stringify omits undefined values. `app_id` (an ID or a slug) and
 * `oauth_app_id`, which takes precedence over it, select the OAuth client, and the link then leads to the host that
 * serves it. Seen in version 3.1.6 of the SDK only. INFERRED from the published
 * description of the API, which does not forbid other fields: an older API ignores them.
 */
export function tokenBody(request: LinkRequest<LinkOptions>) {
  const { endUser, options, expiresInSeconds } = request
  return {
    external_user_id: endUser.id,
    app_id: request.connectorKey,
    oauth_app_id: options.oauthAppId ?? undefined,
    success_redirect_uri: request.redirectUri,
    error_redirect_uri: request.errorRedirectUri,
    webhook_uri: request.webhookUri ?? undefined,
    expires_in: expiresInSeconds ?? undefined,
    allowed_origins: options.allowedOrigins ?? undefined,
    scope: options.scope ?? undefined,
    allow_progressive_scopes: options.allowProgressiveScopes ?? undefined,
  }
}

/** The returned URL need not contain the app: without it the page has nothing to connect. */
export function addAppParameters(link: string, { connectorKey, options }: LinkRequest<LinkOptions>): string {
  const url = new URL(link)
  url.searchParams.set('app', connectorKey)
  if (options.oauthAppId != null) url.searchParams.set('oauthAppId', options.oauthAppId)
  return url.href
}

/**
 * Adds the ID of the account to reconnect. INFERRED from version 3.1.6 of the SDK, whose frame passes `accountId` to the
 * same page: the parameter works in a link that is opened directly, too.
 */
export function addAccountParameter(link: string, accountId: string): string {
  const url = new URL(link)
  url.searchParams.set('accountId', accountId)
  return url.href
}

/** Four hours, the default and the maximum: pipedream.com/docs/connect/api-reference/create-connect-token */
export const tokenLifetimeSeconds = 14_400

export function tokenExpiry(expiresAt: string | null | undefined, now: Date): Expiry {
  const at = parseDate(expiresAt)
  return at === null
    ? { at: new Date(now.getTime() + tokenLifetimeSeconds * 1000), source: 'PROVIDER_DEFAULT' }
    : { at, source: 'PROVIDER' }
}

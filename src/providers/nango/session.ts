import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { HttpClient, HttpRequest, RequestContext } from '../../http/http-types.ts'
import type { Expiry, LinkRequest } from '../adapter.ts'
import { parseDate, timestamp } from '../parse-date.ts'

const jsonObject = z.record(z.string(), z.unknown())

/** The `nango` options block of the input. */
export const linkOptions = z.object({
  connectionConfig: jsonObject.nullish(),
  userScopes: z.string().trim().min(1, 'must not be blank').nullish(),
  authorizationParams: jsonObject.nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>
type Request = LinkRequest<LinkOptions>

const sessionResponse = z.object({
  data: z.object({ token: z.string().min(1), connect_link: z.string(), expires_at: timestamp }),
})
export type Session = z.output<typeof sessionResponse>['data']

/** Limits of Nango on the tags of a connection. */
const maxTags = 10
const maxTagLength = 255

/**
 * All tags of the connection that the link makes or renews: an authorization replaces those that it had. `others`: tags
 * that the gateway has not set.
 */
function tagsOf({ linkId, endUser, organizationId }: Request, others: Readonly<Record<string, unknown>>) {
  const own = {
    connect_link_id: linkId,
    end_user_id: endUser.id,
    // Nango refuses the whole session for text that is no email address.
    end_user_email: z.email().safeParse(endUser.email).data,
    end_user_display_name: endUser.name,
    organization_id: organizationId,
  }
  const kept = Object.entries(others).filter(([name]) => !(name in own))
  const tags = [...Object.entries(own), ...kept].filter(
    ([, value]) => typeof value === 'string' && value !== '' && value.length <= maxTagLength,
  )
  return Object.fromEntries(tags.slice(0, maxTags))
}

/** Fields of both kinds of sessions. JSON.stringify omits undefined values. */
function commonBody(request: Request, otherTags: Readonly<Record<string, unknown>>) {
  const { connectorKey, webhookUri, options } = request
  const defaults = {
    user_scopes: options.userScopes ?? undefined,
    authorization_params: options.authorizationParams ?? undefined,
    connection_config: options.connectionConfig ?? undefined,
  }
  const hasDefaults = Object.values(defaults).some((value) => value !== undefined)
  return {
    tags: tagsOf(request, otherTags),
    integrations_config_defaults: hasDefaults ? { [connectorKey]: defaults } : undefined,
    webhook_url_override: webhookUri ?? undefined,
  }
}

/** Creates a session that makes a new connection. */
export function createSession(http: HttpClient, request: Request, call: RequestContext): Promise<Session> {
  const { connectorKey } = request
  return send(http, call, {
    path: '/connect/sessions',
    body: { ...commonBody(request, {}), allowed_integrations: [connectorKey] },
    purpose: `make a connect link for "${connectorKey}"`,
    isMissing: ({ code }) => code === 'invalid_body.allowed_integrations',
    onNotFound: () => new NotFoundError(`Nango has no connector "${connectorKey}".`),
  })
}

/** Creates a session that authorizes a connection again. `tags`: those that the connection has. */
export function createReconnectSession(
  http: HttpClient,
  request: Request,
  connection: { readonly connectionId: string; readonly tags: Readonly<Record<string, unknown>> },
  call: RequestContext,
): Promise<Session> {
  const { connectionId, tags } = connection
  return send(http, call, {
    path: '/connect/sessions/reconnect',
    body: {
      ...commonBody(request, tags),
      connection_id: connectionId,
      integration_id: request.connectorKey,
    },
    purpose: 'make a reconnect link',
    isMissing: ({ code, body }) => code === 'invalid_body' && unknownConnection.safeParse(body).success,
    onNotFound: () => connectionMissing(connectionId),
  })
}

/** SEEN: the code and the status are those of any invalid request. */
const unknownConnection = z.object({ error: z.object({ message: z.string().regex(/does not exist/i) }) })

export const connectionMissing = (id: string) => new NotFoundError(`Nango has no connection "${id}".`)

type SessionRequest = Pick<HttpRequest<z.ZodType>, 'path' | 'purpose' | 'isMissing' | 'onNotFound'> & {
  readonly body: ReturnType<typeof commonBody> & Readonly<Record<string, unknown>>
}

/** Without the webhook if Nango refuses its URL: nothing was created then, and the link completes by polls. */
async function send(http: HttpClient, call: RequestContext, request: SessionRequest): Promise<Session> {
  const post = (body: object) =>
    http.send(
      {
        method: 'POST',
        ...request,
        body,
        publicFields: ['allowed_integrations', 'connection_id', 'integration_id'],
        responseSchema: sessionResponse,
      },
      call,
    )
  try {
    return (await post(request.body)).data
  } catch (error) {
    if (!isWebhookRefused(error)) throw error
    const { webhook_url_override: _, ...body } = request.body
    return (await post(body)).data
  }
}

const isWebhookRefused = (error: unknown) =>
  error instanceof ProviderError && error.providerErrorCode === 'invalid_body.webhook_url_override'

/** SEEN: sessions expire after 30 minutes, which cannot be changed. */
export const sessionLifetimeSeconds = 1_800

export function sessionExpiry({ expires_at }: Session, now: Date): Expiry {
  const at = parseDate(expires_at)
  return at === null
    ? { at: new Date(now.getTime() + sessionLifetimeSeconds * 1000), source: 'PROVIDER_DEFAULT' }
    : { at, source: 'PROVIDER' }
}

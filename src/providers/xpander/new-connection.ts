import { z } from 'zod'
import type { LinkRequest, OptionIssue, RemoteLink } from '../adapter.ts'
import { lenientText } from '../lenient.ts'
import { timestamp } from '../parse-date.ts'

const nonBlankString = z.string().trim().min(1, 'must not be blank').nullish()

const generalParam = z.looseObject({
  name: z.string(),
  description: z.string(),
  location: z.enum(['path', 'query', 'header', 'cookie'], {
    error: 'must be one of path, query, header, cookie',
  }),
  value: z.string().nullish(),
})

/** The `xpander` options block of the input. `security` and `headers` differ by connector and are write-only. */
export const linkOptions = z.object({
  name: nonBlankString,
  version: nonBlankString,
  security: z.record(z.string(), z.unknown()).nullish(),
  generalParams: z.array(generalParam).nullish(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  targetSystemServers: z.array(z.looseObject({ url: z.string() })).nullish(),
  accessScope: z.enum(['PERSONAL', 'ORGANIZATIONAL']).nullish(),
  isServiceAccount: z.boolean().nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

/** The body of a connect call. JSON.stringify omits undefined values; `security` and `headers` must not be null. */
export function connectBody(request: LinkRequest<LinkOptions>) {
  const { options } = request
  return {
    name: uniqueName(request),
    version: options.version ?? undefined,
    security: options.security ?? undefined,
    general_params: options.generalParams ?? undefined,
    headers: options.headers ?? undefined,
    target_system_servers: options.targetSystemServers ?? undefined,
    // xpander's default is personal. If another member of the organization than the owner of the API key
    // signs in, the key never sees a personal connection, and the link would never complete.
    access_scope: options.accessScope === 'PERSONAL' ? 'personal' : 'organizational',
    is_service_account: options.isServiceAccount ?? undefined,
  }
}

/**
 * The connection's name is the only value of the gateway that xpander stores. It contains the end of the link
 * ID, so that completion is detected by name. The end, not the start: time-based IDs created close together
 * have the same start.
 */
export function uniqueName({ options, endUser, linkId }: LinkRequest<LinkOptions>): string {
  const name = options.name ?? endUser.name ?? endUser.id
  return `${name.slice(0, 180).toWellFormed()} · ${linkId.replaceAll('-', '').slice(-8)}`
}

/**
 * A page where a member of the organization signs in. INFERRED from the prose of the reference, by which the response
 * "includes" these fields: it may contain an `id` too, which does not mean that the connection is usable.
 */
const pageResponse = z
  .object({
    oauth2_required: z.literal(true),
    connector_page_url: z.string(),
    message: lenientText,
    id: lenientText,
  })
  .transform((response) => ({ kind: 'page' as const, ...response }))

const createdResponse = z
  .object({
    oauth2_required: z.literal(false).nullish(),
    id: z.string().min(1),
    name: lenientText,
    created_at: timestamp,
  })
  .transform((response) => ({ kind: 'created' as const, ...response }))

/** The response schema is not published. Responses contain a page, a connection or both. */
export const connectResponse = z.union([pageResponse, createdResponse])

/** The `providerState` of a link. */
export const linkState = z.object({
  /**
   * IDs of the connections that existed before, or were created without credentials; `null`: not read, because the
   * request contained credentials.
   */
  baseline: z.array(z.string()).nullable(),
  name: z.string(),
  pendingId: z.string().nullable(),
})

interface PageLink {
  readonly url: string
  /** The provider's words for the end user; `null`: none. */
  readonly text: string | null | undefined
  readonly providerState: z.output<typeof linkState>
  readonly ignoredOptions?: readonly OptionIssue[]
}

/** A regular page of xpander's platform, not a one-time link: it does not expire and requires a login. */
export function toRemoteLink(
  { options }: LinkRequest<LinkOptions>,
  { url, text, providerState, ignoredOptions = [] }: PageLink,
): RemoteLink {
  const isShared = options.accessScope !== 'PERSONAL'
  return {
    kind: 'open',
    url,
    expiry: { at: null, source: 'NONE' },
    requiresProviderLogin: true,
    instructions: text ?? null,
    steps: [
      { kind: 'NAME_CONNECTION', name: providerState.name },
      // The API key does not see a personal connection of another member: the link would never complete.
      ...(isShared ? [{ kind: 'SHARE_WITH_ORGANIZATION' } as const] : []),
    ],
    remoteLinkId: null,
    remoteGroup: null,
    pendingConnection: null,
    providerState,
    ignoredOptions,
  }
}

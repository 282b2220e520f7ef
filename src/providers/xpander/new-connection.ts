import { z } from 'zod'
import type { LinkRequest, RemoteLink } from '../adapter.ts'

const word = z.string().trim().min(1, 'must not be blank').nullish()

const generalParam = z.looseObject({
  name: z.string(),
  description: z.string(),
  location: z.enum(['path', 'query', 'header', 'cookie'], {
    error: 'must be one of path, query, header, cookie',
  }),
  value: z.string().nullish(),
})

/** xpander's own block of the input. `security` and `headers` differ from connector to connector and are only ever written. */
export const linkOptions = z.object({
  name: word,
  version: word,
  security: z.record(z.string(), z.unknown()).nullish(),
  generalParams: z.array(generalParam).nullish(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  targetSystemServers: z.array(z.looseObject({ url: z.string() })).nullish(),
  accessScope: z.enum(['PERSONAL', 'ORGANIZATIONAL']).nullish(),
  isServiceAccount: z.boolean().nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

/** The body of a connect call. JSON leaves out what is undefined; `security` and `headers` must not be null. */
export function newConnection(request: LinkRequest<LinkOptions>) {
  const { options } = request
  return {
    name: uniqueName(request),
    version: options.version ?? undefined,
    security: options.security ?? undefined,
    general_params: options.generalParams ?? undefined,
    headers: options.headers ?? undefined,
    target_system_servers: options.targetSystemServers ?? undefined,
    // Personal is xpander's default and a trap: when another member of the organisation than the key's owner signs in,
    // a personal connection is never visible to the key, and the link would stay open for ever.
    access_scope: options.accessScope === 'PERSONAL' ? 'personal' : 'organizational',
    is_service_account: options.isServiceAccount ?? undefined,
  }
}

/**
 * The connection's name is the only thing of ours that xpander keeps, so it carries the link: completion looks for it.
 * The end of the id, because ids that begin with a time begin alike for a while.
 */
export function uniqueName({ options, endUser, linkId }: LinkRequest<LinkOptions>): string {
  const name = options.name ?? endUser.name ?? endUser.id
  return `${name.slice(0, 180).toWellFormed()} · ${linkId.replaceAll('-', '').slice(-8)}`
}

/** A page where a member of the organisation signs in. An id beside it does not mean that anything is connected. */
const pageAnswer = z
  .object({
    oauth2_required: z.literal(true),
    connector_page_url: z.string(),
    message: z.string().nullish(),
    id: z.string().nullish(),
  })
  .transform((answer) => ({ kind: 'page' as const, ...answer }))

const madeAnswer = z
  .object({
    oauth2_required: z.literal(false).nullish(),
    id: z.string().min(1),
    name: z.string().nullish(),
    created_at: z.string().nullish(),
  })
  .transform((answer) => ({ kind: 'made' as const, ...answer }))

/** The answer's schema is not published: a page, a connection, or both at once. */
export const connectAnswer = z.union([pageAnswer, madeAnswer])

/** What a link remembers for its completion. */
export const linkMemo = z.object({
  /** `null`: not read, since credentials were given. */
  baseline: z.array(z.string()).nullable(),
  name: z.string(),
  pendingId: z.string().nullable(),
})

export function toOpenedLink(
  { message }: z.output<typeof pageAnswer>,
  providerState: z.output<typeof linkMemo>,
): Omit<RemoteLink, 'url'> {
  return {
    kind: 'open',
    // The page is a place on xpander's platform, not a one-time link: it neither expires nor works without a login.
    expiry: { at: null, source: 'NONE' },
    requiresProviderLogin: true,
    instructions: message?.trim().slice(0, 500) || null,
    remoteLinkId: null,
    remoteGroup: null,
    pendingConnection: null,
    providerState,
  }
}

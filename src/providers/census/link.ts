import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import type { ErrorResponse } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, Expiry, LinkProgress, RemoteLink } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'
import { assertTrustedUrl } from '../trusted-url.ts'

/** What both versions work with. */
export interface CensusDeps {
  readonly http: HttpClient
  readonly now: () => Date
  readonly linkOrigins: readonly string[]
}

/** Census's own block of the input. */
export const linkOptions = z.object({
  groupId: z.string().trim().min(1, 'must not be blank').nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

/** A link works for one day unless the organisation agreed otherwise. */
export const linkLifeSeconds = 86_400

/** Ids are documented as integers here and strings there. */
export const remoteId = z.union([z.string().min(1), z.number()]).transform(String)

/** One link, of any kind. Version 2 documents no id of what the link made. */
export const linkAnswer = z.object({
  data: z.object({
    id: remoteId,
    uri: z.string(),
    expiration: z.string().nullish(),
    // Newer than the published description of version 1.
    expired: z.boolean().nullish(),
    revoked: z.boolean().nullish(),
    destination_id: remoteId.nullish(),
    source_id: remoteId.nullish(),
  }),
})
export type LinkAnswer = z.output<typeof linkAnswer>['data']

export function toOpenedLink(
  link: LinkAnswer,
  { now, linkOrigins }: CensusDeps,
  more: Pick<RemoteLink, 'remoteGroup' | 'providerState' | 'ignoredOptions'>,
): RemoteLink {
  return {
    kind: 'open',
    url: assertTrustedUrl(link.uri, {
      provider: 'CENSUS',
      name: 'Census',
      // Version 2 answers links at app.fivetran.com.
      hosts: ['getcensus.com', 'fivetran.com'],
      origins: linkOrigins,
    }),
    expiry: expiry(link, now()),
    requiresProviderLogin: false,
    instructions: null,
    remoteLinkId: link.id,
    pendingConnection: null,
    ...more,
  }
}

function expiry({ expiration }: LinkAnswer, now: Date): Expiry {
  const at = parseDate(expiration)
  return at === null
    ? { at: new Date(now.getTime() + linkLifeSeconds * 1000), source: 'PROVIDER_DEFAULT' }
    : { at, source: 'PROVIDER' }
}

/** Where a link stands that has made nothing yet. */
export function unfinished(link: LinkAnswer, now: Date): LinkProgress {
  if (link.revoked === true) return { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
  const endsAt = parseDate(link.expiration)
  const isOver = link.expired === true || (endsAt !== null && endsAt <= now)
  return isOver ? { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' } : { kind: 'open' }
}

export const linkGone: LinkProgress = {
  kind: 'ended',
  status: 'FAILED',
  reason: 'LINK_GONE_AT_PROVIDER',
}

/** A 404 to a new link is about its type, unless the body speaks of the place it should go to. */
export const connectorMissing =
  (connectorKey: string) =>
  ({ body }: ErrorResponse) =>
    /group|workspace/i.test(JSON.stringify(body) ?? '')
      ? undefined
      : new NotFoundError(`Census has no connector "${connectorKey}".`)

export const connectionMissing = (id: string) => new NotFoundError(`Census has no connection "${id}".`)

type LinkPlace = Pick<AdapterLink, 'remoteLinkId'> & { readonly links: string }

const linkPath = (links: string, remoteLinkId: string) => links + path`/${remoteLinkId}`

/** `links` is the path of their kind. */
export async function readLink(
  http: HttpClient,
  { links, remoteLinkId }: LinkPlace,
  call: RequestContext,
): Promise<LinkAnswer | null> {
  if (remoteLinkId === null) return null
  const request = {
    method: 'GET',
    path: linkPath(links, remoteLinkId),
    responseSchema: linkAnswer,
    purpose: 'read a connect link',
  } as const
  return (await http.find(request, call))?.data ?? null
}

// The documented example says `revoked: false`: that it was done, only the status tells.
const revokedAnswer = z.object({ data: z.object({ id: remoteId }) })

/** Closes the page behind a link; a connection that it has made stays. `false`: there was no such link. */
export async function revokeLink(
  http: HttpClient,
  { links, remoteLinkId }: LinkPlace,
  call: RequestContext,
): Promise<boolean> {
  if (remoteLinkId === null) return false
  const request = {
    method: 'POST',
    path: `${linkPath(links, remoteLinkId)}/revoke`,
    responseSchema: revokedAnswer,
    purpose: 'revoke a connect link',
  } as const
  return (await http.find(request, call)) !== null
}

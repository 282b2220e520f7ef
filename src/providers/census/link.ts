import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import type { ErrorResponse } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import { fingerprint } from '../account-key.ts'
import type { AdapterLink, Expiry, LinkProgress, RemoteLink } from '../adapter.ts'
import { lenient, lenientText } from '../lenient.ts'
import type { Paginate } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { assertTrustedUrl } from '../trusted-url.ts'

/** Dependencies of the adapters for both API versions. */
export interface CensusDeps {
  readonly http: HttpClient
  readonly paginate: Paginate
  readonly baseUrl: URL
  readonly now: () => Date
  readonly linkOrigins: readonly string[]
}

/** The `census` options block of the input. */
export const linkOptions = z.object({
  groupId: z.string().trim().min(1, 'must not be blank').nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

/** Lifetime of a link: one day, unless the organization has agreed on another one with Census. */
export const linkLifetimeSeconds = 86_400

/** IDs are documented as integers in some places and as strings in others. */
export const remoteId = z.union([z.string().min(1), z.number()]).transform(String)

/** The state of a link of any kind. Version 2 documents no ID of the connection that the link has created. */
const linkState = z.object({
  id: remoteId,
  // Not in the published description of version 1: added later.
  expired: lenient(z.boolean()),
  revoked: lenient(z.boolean()),
  redirect_uri: lenientText,
  destination_id: lenient(remoteId),
  source_id: lenient(remoteId),
})
type LinkState = z.output<typeof linkState>

const linkStateResponse = z.object({ data: linkState })

/** A new link. */
export const linkResponse = z.object({
  data: z.object({ id: remoteId, uri: z.string(), expiration: timestamp }),
})
export type LinkResponse = z.output<typeof linkResponse>['data']

export function toRemoteLink(
  link: LinkResponse,
  { now, linkOrigins }: CensusDeps,
  more: Pick<RemoteLink, 'remoteGroup' | 'providerState' | 'ignoredOptions'>,
): RemoteLink {
  return {
    kind: 'open',
    url: assertTrustedUrl(link.uri, {
      provider: 'CENSUS',
      name: 'Census',
      // Version 2 returns links at app.fivetran.com.
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

function expiry({ expiration }: LinkResponse, now: Date): Expiry {
  const at = parseDate(expiration)
  return at === null
    ? { at: new Date(now.getTime() + linkLifetimeSeconds * 1000), source: 'PROVIDER_DEFAULT' }
    : { at, source: 'PROVIDER' }
}

/**
 * The progress of a link that has not created a connection. Its `expiration` is a time of Census's clock and is not
 * compared: the gateway expires its link itself. INFERRED from the names of the two fields and
 * from Census's demo, which does not reuse such links: a link with `revoked` or `expired` can no longer be used.
 */
export function unusedLinkProgress(link: LinkState): LinkProgress {
  if (link.revoked === true) return { kind: 'ended', status: 'REVOKED', reason: 'REVOKED_AT_PROVIDER' }
  return link.expired === true
    ? { kind: 'ended', status: 'EXPIRED', reason: 'EXPIRED_AT_PROVIDER' }
    : { kind: 'open' }
}

/** A 404 for a new link means that its type does not exist, unless the body mentions the group or the workspace. */
export const connectorMissing =
  (connectorKey: string) =>
  ({ body }: ErrorResponse) =>
    /group|workspace/i.test(JSON.stringify(body) ?? '')
      ? undefined
      : new NotFoundError(`Census has no connector "${connectorKey}".`)

export const connectionMissing = (id: string) => new NotFoundError(`Census has no connection "${id}".`)

type LinkLocation = Pick<AdapterLink, 'remoteLinkId'> & { readonly links: string }

const linkPath = (links: string, remoteLinkId: string) => links + path`/${remoteLinkId}`

/** `links`: the path of the links of that kind. Returns `null` if the link does not exist. */
export async function readLink(
  http: HttpClient,
  { links, remoteLinkId }: LinkLocation,
  call: RequestContext,
): Promise<LinkState | null> {
  if (remoteLinkId === null) return null
  const request = {
    method: 'GET',
    path: linkPath(links, remoteLinkId),
    responseSchema: linkStateResponse,
    purpose: 'read a connect link',
  } as const
  return (await http.find(request, call))?.data ?? null
}

/** The `providerState` of a connect link of version 1. Its return URL contains a token, so that no other link has it. */
const returnUrlState = z.object({ returnUrl: z.string() })

export const toReturnUrlState = (redirectUri: string): z.output<typeof returnUrlState> => ({
  returnUrl: fingerprint(redirectUri),
})

/**
 * Whether the link can be read by its ID and has its own return URL. An equal ID alone is not enough: it is a number, and
 * INFERRED that each workspace may number its links from 1 (the documentation does not say).
 */
export async function hasReturnUrl(
  http: HttpClient,
  link: LinkLocation & Pick<AdapterLink, 'providerState'>,
  call: RequestContext,
): Promise<boolean> {
  const state = returnUrlState.safeParse(link.providerState).data
  const redirectUri = state && (await readLink(http, link, call))?.redirect_uri
  return redirectUri != null && fingerprint(redirectUri) === state?.returnUrl
}

// The documented example has `revoked: false`: only the HTTP status indicates success.
const revokedResponse = z.object({ data: z.object({ id: remoteId }) })

/**
 * Revokes a link. Returns `false` if the link does not exist. INFERRED: a connection that the link has created remains;
 * the documentation of the call mentions the link only.
 */
export async function revokeLink(
  http: HttpClient,
  { links, remoteLinkId }: LinkLocation,
  call: RequestContext,
): Promise<boolean> {
  if (remoteLinkId === null) return false
  const request = {
    method: 'POST',
    path: `${linkPath(links, remoteLinkId)}/revoke`,
    responseSchema: revokedResponse,
    purpose: 'revoke a connect link',
  } as const
  return (await http.find(request, call)) !== null
}

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { CompactSign, compactVerify, errors } from 'jose'
import { z } from 'zod'
import { readClaims, type SessionClaims } from './session-claims.ts'
import type { SessionKey } from './session-keys.ts'

const algorithm = 'EdDSA'
/** Differs from that of session tokens: neither is accepted in place of the other. */
const type = 'portal'
const audience = 'connect-gateway/portal'
/** A session token has at most 6,000 bytes; the claims of a portal token are those and a URL. */
const maxClaimBytes = 16_000

export interface PortalClaims {
  readonly session: SessionClaims
  /** Where "Back to the application" leads; `null`: the session has no such address. */
  readonly returnUrl: string | null
}

const ownClaims = z.object({ aud: z.literal(audience), returnUrl: z.string().optional() })

/**
 * Signs the claims of a session for the path of the portal. Compressed, because it is a part of URLs: a session with a
 * long list of connectors has to fit into the request line of usual proxies.
 */
export function signPortalToken(
  claims: object,
  { key, returnUrl }: { readonly key: SessionKey; readonly returnUrl: string | null },
): Promise<string> {
  const payload = { ...claims, aud: audience, ...(returnUrl !== null && { returnUrl }) }
  return new CompactSign(deflateRawSync(JSON.stringify(payload)))
    .setProtectedHeader({ alg: algorithm, kid: key.id, typ: type })
    .sign(key.sign)
}

/** The claims of a portal token, even if it has expired; `null` for any text that is not signed with one of the keys. */
export async function readPortalToken(
  token: string,
  keys: ReadonlyMap<string, SessionKey>,
  now: Date,
): Promise<(PortalClaims & { readonly keyId: string }) | null> {
  const keyFor = ({ kid = '' }: { readonly kid?: string | undefined }) => {
    const key = keys.get(kid)
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key.verify
  }
  try {
    const { payload, protectedHeader } = await compactVerify(token, keyFor, { algorithms: [algorithm] })
    if (protectedHeader.typ !== type) return null
    // Only the gateway's own text reaches this: the signature has been verified.
    const claims: unknown = JSON.parse(String(inflateRawSync(payload, { maxOutputLength: maxClaimBytes })))
    const { data } = ownClaims.safeParse(claims)
    const session = readClaims(claims, now)
    if (data === undefined || session === null) return null
    return { session, returnUrl: data.returnUrl ?? null, keyId: protectedHeader.kid ?? '' }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

import { randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Appearance } from '../../domain/branding.ts'
import type { EndUser } from '../../domain/end-user.ts'
import type { SessionGrant } from '../../domain/permissions.ts'
import type { Tag } from '../../domain/tag.ts'
import type { OrganizationAccess, SessionLimits, Viewer } from '../../domain/viewer.ts'
import { createEncryption, type Encryption } from '../../store/encryption.ts'
import { readPortalToken, signPortalToken } from './portal-tokens.ts'
import { maxSessionSeconds, type Revocations } from './revocations.ts'
import {
  appearanceClaims,
  limitClaims,
  organizationClaims,
  readClaims,
  type SessionClaims,
  toViewer,
} from './session-claims.ts'
import { deriveSessionKey, type SessionKey } from './session-keys.ts'

/** Short-lived tokens with which the frontend of one end user calls the gateway. */
export interface SessionTokens {
  /** IDs of the keys that sign sessions, and of the earlier ones whose sessions are accepted for a day. */
  readonly keyIds: { readonly present: string; readonly old: readonly string[] }
  /** Throws RangeError if `expiresInSeconds` is out of range. */
  issue(session: NewSession): Promise<Session>
  /**
   * The viewer of a session token; `null`: the token is invalid, expired, revoked or not issued by this gateway. Throws if
   * the store cannot be read.
   */
  verify(token: string): Promise<Viewer | null>
  /**
   * The session of a token in the path of the portal, also of one that has ended; `null`: this gateway did not issue it. Throws
   * if the store cannot be read.
   */
  verifyPortal(token: string): Promise<PortalSession | null>
  /** Revokes all sessions of an end user that have been issued until now. Returns the time. */
  revokeAll(endUserId: string): Promise<Date>
}

export interface NewSession {
  readonly endUser: EndUser
  /** From 1 to 86,400. Default: 900 (15 minutes). */
  readonly expiresInSeconds?: number | null
  /** What it may do; `null`: everything that a session can be allowed. */
  readonly grants?: readonly SessionGrant[] | null
  /** Connectors, providers and redirect URIs of its links; `null`: all. */
  readonly limits?: SessionLimits | null
  /** Access to the connections of the end user's organization; `null`: none. */
  readonly organizationAccess?: OrganizationAccess | null
  /** Given to each link that it creates. */
  readonly tags?: readonly Tag[]
  /** Where the portal's way back to the application leads; `null`: nowhere. */
  readonly returnUrl?: string | null
  /** Of its pages and of the links that it creates; by default that of the settings. */
  readonly appearance?: Appearance
}

export interface Session {
  /** Not secret: `Viewer.id` of its calls. */
  readonly id: string
  readonly token: string
  readonly expiresAt: Date
  /** Signs the token with which the portal is opened. As secret as `token`, and not accepted in its place. */
  portalToken(): Promise<string>
}

/** A session in the portal. */
export interface PortalSession {
  /** Of an ended session it must not be used for anything but what the session's own links have become. */
  readonly viewer: Viewer
  readonly returnUrl: string | null
  /** `null`: it has not ended. */
  readonly end: 'EXPIRED' | 'REVOKED' | null
}

export interface SessionOptions {
  readonly encryptionKey: string
  /** Earlier encryption keys. */
  readonly oldKeys: readonly string[]
  readonly revocations: Revocations
  readonly now: () => Date
}

const defaultSessionSeconds = 900

const gateway = 'connect-gateway'
const algorithm = 'EdDSA'

/**
 * Sessions are signed, not stored. The signing key is derived from the encryption key: gateway processes that share it
 * accept each other's sessions, and there is no further secret to configure.
 */
export function createSessionTokens(options: SessionOptions): SessionTokens {
  const { encryptionKey, oldKeys, revocations, now } = options
  const present = deriveSessionKey(encryptionKey)
  const keys = new Map([...oldKeys.map(deriveSessionKey), present].map((key) => [key.id, key]))
  const encryption = createEncryption(encryptionKey, oldKeys)

  const isRevoked = ({ sub, rev }: SessionClaims, keyId: string) =>
    revocations.isRevoked({ endUserId: sub, number: rev, keyId })

  function viewerOf(claims: SessionClaims): Viewer {
    const linkTags = decryptTags(encryption, claims)
    return { ...toViewer(claims), ...(linkTags.length > 0 && { linkTags }) }
  }

  return {
    keyIds: { present: present.id, old: [...keys.keys()].filter((id) => id !== present.id) },
    revokeAll: revocations.revoke,

    async issue({
      endUser,
      expiresInSeconds,
      grants = null,
      limits = null,
      tags = [],
      organizationAccess = null,
      returnUrl = null,
      appearance = { locale: null, branding: null },
    }) {
      const seconds = expiresInSeconds ?? defaultSessionSeconds
      if (seconds < 1 || seconds > maxSessionSeconds) throw new RangeError('expiresInSeconds is out of range')
      // JWT times are whole seconds here: rounding up never shortens the requested lifetime.
      const issuedAt = Math.ceil(now().getTime() / 1000)
      const id = randomUUID()
      const claims = {
        rev: await revocations.latest(),
        ...(endUser.name !== null && { name: endUser.name }),
        ...(endUser.email !== null && { email: endUser.email }),
        ...organizationClaims(endUser.organization, organizationAccess),
        ...limitClaims(grants, limits),
        ...appearanceClaims(appearance),
        ...(tags.length > 0 && { tags: encryption.encrypt(JSON.stringify(tags), tagsContext(id)) }),
      }
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, kid: present.id, typ: 'JWT' })
        .setIssuer(gateway)
        .setAudience(gateway)
        .setSubject(endUser.id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .setJti(id)
        .sign(present.sign)
      const expiresAt = issuedAt + seconds
      const portalClaims = { ...claims, sub: endUser.id, iat: issuedAt, exp: expiresAt, jti: id }
      return {
        id,
        token,
        expiresAt: new Date(expiresAt * 1000),
        portalToken: () => signPortalToken(portalClaims, { key: present, returnUrl }),
      }
    },

    async verify(token) {
      const verified = await verifyToken(token, keys, now())
      if (verified === null) return null
      const { claims, keyId } = verified
      if (await isRevoked(claims, keyId)) return null
      return viewerOf(claims)
    },

    async verifyPortal(token) {
      const read = await readPortalToken(token, keys, now())
      if (read === null) return null
      const { session, returnUrl, keyId } = read
      const isExpired = session.exp * 1000 <= now().getTime()
      const end = (await isRevoked(session, keyId)) ? 'REVOKED' : isExpired ? 'EXPIRED' : null
      return { viewer: viewerOf(session), returnUrl, end }
    },
  }
}

/** The claims of a valid token of this gateway that is signed with one of the keys; `null` for any other text. */
async function verifyToken(
  token: string,
  keys: ReadonlyMap<string, SessionKey>,
  now: Date,
): Promise<{ readonly claims: SessionClaims; readonly keyId: string } | null> {
  const keyFor = ({ kid = '' }: { readonly kid?: string | undefined }) => {
    const key = keys.get(kid)
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key.verify
  }
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyFor, {
      algorithms: [algorithm],
      issuer: gateway,
      audience: gateway,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: 0,
      currentDate: now,
    })
    const claims = readClaims(payload, now)
    return claims && { claims, keyId: protectedHeader.kid ?? '' }
  } catch (error) {
    // The reason is not returned: it would only help an attacker.
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

/** Binds the encrypted tags to their session. */
const tagsContext = (sessionId: string) => `session/${sessionId}/tags`

const tagList = z.array(z.object({ key: z.string(), value: z.string() }))

const decryptTags = (encryption: Encryption, { tags, jti }: SessionClaims): readonly Tag[] =>
  tags === undefined ? [] : tagList.parse(JSON.parse(encryption.decrypt(tags, tagsContext(jti))))

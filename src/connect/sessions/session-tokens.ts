import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { EndUser } from '../../domain/end-user.ts'
import { sessionPermissions } from '../../domain/permissions.ts'
import { providerKeys } from '../../domain/provider-key.ts'
import type { SessionLimits, Viewer } from '../../domain/viewer.ts'

/** Short-lived tokens with which the frontend of one end user calls the gateway. */
export interface SessionTokens {
  /** Throws RangeError if `expiresInSeconds` is out of range. */
  issue(session: NewSession): Promise<Session>
  /** The viewer of a session token; `null`: the token is invalid, expired or not issued by this gateway. */
  verify(token: string): Promise<Viewer | null>
}

export interface NewSession {
  readonly endUser: EndUser
  /** From 1 to 86,400. Default: 900 (15 minutes). */
  readonly expiresInSeconds?: number | null
  /** Connectors and providers that it may create links for; `null`: all. */
  readonly limits?: SessionLimits | null
}

export interface Session {
  readonly token: string
  readonly expiresAt: Date
}

export interface SessionOptions {
  readonly encryptionKey: string
  /** Earlier encryption keys: their sessions are accepted until they expire. */
  readonly oldKeys: readonly string[]
  readonly now: () => Date
}

const defaultSessionSeconds = 900
export const maxSessionSeconds = 86_400

const gateway = 'connect-gateway'
const algorithm = 'EdDSA'

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  jti: z.string().min(1),
  name: z.string().optional(),
  email: z.string().optional(),
  connectors: z.array(z.string()).optional(),
  providers: z.array(z.enum(providerKeys)).optional(),
})

/**
 * Sessions are signed, not stored. The signing key is derived from the encryption key: gateway processes that share it
 * accept each other's sessions, and there is no further secret to configure.
 */
export function createSessionTokens({ encryptionKey, oldKeys, now }: SessionOptions): SessionTokens {
  const signing = deriveKey(encryptionKey)
  const keys = new Map([...oldKeys.map(deriveKey), signing].map(({ id, verify }) => [id, verify]))

  return {
    async issue({ endUser, expiresInSeconds, limits }) {
      const seconds = expiresInSeconds ?? defaultSessionSeconds
      if (seconds < 1 || seconds > maxSessionSeconds) throw new RangeError('expiresInSeconds is out of range')
      // JWT times are whole seconds here: rounding up never shortens the requested lifetime.
      const issuedAt = Math.ceil(now().getTime() / 1000)
      const token = await new SignJWT({
        ...(endUser.name !== null && { name: endUser.name }),
        ...(endUser.email !== null && { email: endUser.email }),
        ...(limits?.connectors && { connectors: limits.connectors }),
        ...(limits?.providers && { providers: limits.providers }),
      })
        .setProtectedHeader({ alg: algorithm, kid: signing.id, typ: 'JWT' })
        .setIssuer(gateway)
        .setAudience(gateway)
        .setSubject(endUser.id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .setJti(randomUUID())
        .sign(signing.sign)
      return { token, expiresAt: new Date((issuedAt + seconds) * 1000) }
    },

    async verify(token) {
      const payload = await verifyClaims(token, keys, now())
      const { data } = claims.safeParse(payload)
      return data === undefined ? null : toViewer(data)
    },
  }
}

/** The claims of a valid token of this gateway that is signed with one of the keys; `null` for any other text. */
async function verifyClaims(
  token: string,
  keys: ReadonlyMap<string, KeyObject>,
  now: Date,
): Promise<unknown> {
  const keyFor = ({ kid = '' }: { readonly kid?: string | undefined }) => {
    const key = keys.get(kid)
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key
  }
  try {
    const { payload } = await jwtVerify(token, keyFor, {
      algorithms: [algorithm],
      issuer: gateway,
      audience: gateway,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: 0,
      currentDate: now,
    })
    return payload
  } catch (error) {
    // The reason is not returned: it would only help an attacker.
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

function toViewer({ sub, jti, exp, name, email, connectors, providers }: z.output<typeof claims>): Viewer {
  const isLimited = connectors !== undefined || providers !== undefined
  return {
    kind: 'END_USER',
    id: jti,
    name: name ?? null,
    scopes: sessionPermissions,
    endUser: { id: sub, name: name ?? null, email: email ?? null },
    limits: isLimited ? { connectors: connectors ?? null, providers: providers ?? null } : null,
    expiresAt: new Date(exp * 1000),
  }
}

/** DER prefix of an Ed25519 private key in PKCS #8, before its 32 bytes. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

function deriveKey(secret: string) {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'connect-gateway/sessions', 32))
  const sign = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
  const verify = createPublicKey(sign)
  const spki = verify.export({ format: 'der', type: 'spki' })
  return { id: createHash('sha256').update(spki).digest('hex').slice(0, 16), sign, verify }
}

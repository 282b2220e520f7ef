import { z } from 'zod'
import { type Appearance, mergeBranding, noBranding, themes } from '../../domain/branding.ts'
import type { Organization } from '../../domain/end-user.ts'
import { allSessionGrants, permissionsOf, type SessionGrant } from '../../domain/permissions.ts'
import { providerKeys } from '../../domain/provider-key.ts'
import {
  type OrganizationAccess,
  organizationAccesses,
  type SessionLimits,
  type Viewer,
} from '../../domain/viewer.ts'
import { maxSessionSeconds } from './revocations.ts'

/** Tolerated difference of the clocks of two gateways, and the second to which `iat` is rounded up. */
const clockToleranceSeconds = 60

/** Without the entries that are `null`. */
const brandingClaim = z
  .object({
    applicationName: z.string(),
    logoUrl: z.string(),
    color: z.string(),
    supportUrl: z.string(),
    privacyUrl: z.string(),
    theme: z.enum(themes),
  })
  .partial()

/** The claims of a session token. Those that are absent do not restrict the session. */
const claims = z
  .object({
    sub: z.string().min(1),
    iat: z.number(),
    exp: z.number(),
    jti: z.string().min(1),
    /** Number of the latest revocation when it was issued. Sessions of earlier versions have none. */
    rev: z.number().default(0),
    name: z.string().optional(),
    email: z.string().optional(),
    org: z.object({ id: z.string().min(1), name: z.string().optional() }).optional(),
    orgAccess: z.enum(organizationAccesses).optional(),
    permissions: z.array(z.enum(allSessionGrants)).optional(),
    connectors: z.array(z.string()).optional(),
    providers: z.array(z.enum(providerKeys)).optional(),
    redirectUris: z.array(z.string()).optional(),
    locale: z.string().optional(),
    branding: brandingClaim.optional(),
    /** Encrypted: end users can read the claims. */
    tags: z.string().optional(),
  })
  .refine(({ iat, exp }) => exp - iat <= maxSessionSeconds)
export type SessionClaims = z.output<typeof claims>

/** `null`: they are not those of a session, of one that is too long, or of one from the future. */
export function readClaims(payload: unknown, now: Date): SessionClaims | null {
  const { data } = claims.safeParse(payload)
  if (data === undefined || data.iat > now.getTime() / 1_000 + clockToleranceSeconds) return null
  return data
}

/** The claims for what a session may do. */
export const limitClaims = (grants: readonly SessionGrant[] | null, limits: SessionLimits | null) => ({
  ...(grants && { permissions: grants }),
  ...(limits?.connectors && { connectors: limits.connectors }),
  ...(limits?.providers && { providers: limits.providers }),
  ...(limits?.redirectUris && { redirectUris: limits.redirectUris }),
})

/** The claims for the organization of the end user, and the access to its connections. */
export const organizationClaims = (organization: Organization | null, access: OrganizationAccess | null) =>
  organization && {
    org: { id: organization.id, ...(organization.name !== null && { name: organization.name }) },
    ...(access && { orgAccess: access }),
  }

export const appearanceClaims = ({ locale, branding }: Appearance) => ({
  ...(locale !== null && { locale }),
  ...(branding && {
    branding: Object.fromEntries(Object.entries(branding).filter(([, value]) => value !== null)),
  }),
})

function toAppearance({ locale, branding }: SessionClaims): Pick<Viewer, 'appearance'> {
  if (locale === undefined && branding === undefined) return {}
  return {
    appearance: {
      locale: locale ?? null,
      branding: branding === undefined ? null : mergeBranding(branding, noBranding),
    },
  }
}

const toOrganization = ({ org }: SessionClaims): Organization | null =>
  org === undefined ? null : { id: org.id, name: org.name ?? null }

export const toViewer = (session: SessionClaims): Viewer => ({
  kind: 'END_USER',
  id: session.jti,
  name: session.name ?? null,
  scopes: permissionsOf(session.permissions ?? allSessionGrants),
  endUser: {
    id: session.sub,
    name: session.name ?? null,
    email: session.email ?? null,
    organization: toOrganization(session),
  },
  limits: toLimits(session),
  ...toAppearance(session),
  organizationAccess: session.org === undefined ? null : (session.orgAccess ?? null),
  expiresAt: new Date(session.exp * 1_000),
})

function toLimits({ connectors, providers, redirectUris }: Partial<SessionClaims>): SessionLimits | null {
  const isLimited = [connectors, providers, redirectUris].some((list) => list !== undefined)
  if (!isLimited) return null
  return { connectors: connectors ?? null, providers: providers ?? null, redirectUris: redirectUris ?? null }
}

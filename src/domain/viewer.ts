import type { Appearance } from './branding.ts'
import type { EndUser } from './end-user.ts'
import type { Permission } from './permissions.ts'
import type { ProviderKey } from './provider-key.ts'
import type { Tag } from './tag.ts'

/** What a session may do with the connections that its organization owns. */
export const organizationAccesses = ['READ', 'MANAGE'] as const
export type OrganizationAccess = (typeof organizationAccesses)[number]

/** The authenticated caller. */
export interface Viewer {
  readonly kind: 'API_KEY' | 'END_USER'
  /** Identifies the credentials in logs and in the audit, not the person: the ID of an API key or of a session. Not secret. */
  readonly id: string
  readonly name: string | null
  /** What the caller may do: checked before every root field is resolved. */
  readonly scopes: readonly Permission[]
  /** Set for END_USER. */
  readonly endUser: EndUser | null
  /** What a session is restricted to; `null`: no restriction. */
  readonly limits: SessionLimits | null
  /** `null`: it does not see the connections of the organization of `endUser`, except its own. */
  readonly organizationAccess: OrganizationAccess | null
  /** When a session ends or an API key expires; `null`: a key without expiry. */
  readonly expiresAt: Date | null
  /** Given to every link that a session creates, and never shown to it; absent: none. */
  readonly linkTags?: readonly Tag[]
  /** The page of the portal to which the links of a portal session may redirect; absent: the caller is not the portal. */
  readonly portalReturnUrl?: string
  /** Of the pages of a session and of the links that it creates; absent: that of the settings. */
  readonly appearance?: Appearance
}

/** Each list is an allow-list; `null`: no restriction. */
export interface SessionLimits {
  /** Connector keys, of any provider, and slugs of applications. */
  readonly connectors: readonly string[] | null
  readonly providers: readonly ProviderKey[] | null
  /** Exact URLs and origins that it may redirect to; `null`: those of the gateway's settings. */
  readonly redirectUris: readonly string[] | null
}

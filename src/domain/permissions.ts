/** What a caller may do; `Viewer.scopes` holds those of one caller. */
export const permissions = [
  'catalogue:read',
  'catalogue:refresh',
  'connections:read',
  'connections:write',
  'connections:reconnect',
  'connections:assign',
  'links:read',
  'links:write',
  'sessions:write',
  'keys:admin',
  'audit:read',
  'accounts:admin',
  'webhooks:admin',
] as const
export type Permission = (typeof permissions)[number]

/** API keys that may change connections may reconnect them too; sessions are allowed either of them separately. */
export const scopesOfApiKey = (scopes: readonly Permission[]): readonly Permission[] =>
  scopes.includes('connections:write') ? [...new Set([...scopes, 'connections:reconnect' as const])] : scopes

/**
 * What the application may allow a session, each as the permissions that it stands for. They concern the links and
 * connections of the session's own end user only.
 */
export const sessionGrants = {
  LINK: ['catalogue:read', 'links:write'],
  RECONNECT: ['connections:reconnect'],
  DISCONNECT: ['connections:write'],
  READ: ['catalogue:read', 'connections:read', 'links:read'],
} as const satisfies Record<string, readonly Permission[]>
export type SessionGrant = keyof typeof sessionGrants
export const allSessionGrants = [
  'LINK',
  'RECONNECT',
  'DISCONNECT',
  'READ',
] as const satisfies readonly SessionGrant[]

/** The permissions of a session with these grants. */
export const permissionsOf = (grants: readonly SessionGrant[]): readonly Permission[] =>
  permissions.filter((permission) =>
    grants.some((grant) => (sessionGrants[grant] as readonly Permission[]).includes(permission)),
  )

/** What a session may do at most. */
export const sessionPermissions = permissionsOf(allSessionGrants)

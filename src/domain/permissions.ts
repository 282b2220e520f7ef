/** What a caller may do; `Viewer.scopes` holds those of one caller. */
export const permissions = [
  'catalogue:read',
  'catalogue:refresh',
  'connections:read',
  'connections:write',
  'connections:assign',
  'links:read',
  'links:write',
  'sessions:write',
  'keys:admin',
  'audit:read',
] as const
export type Permission = (typeof permissions)[number]

/** What a session may do, with the links and connections of its own end user only. */
export const sessionPermissions = [
  'catalogue:read',
  'connections:read',
  'connections:write',
  'links:read',
  'links:write',
] as const satisfies readonly Permission[]

import type { InputIssue } from '../domain/errors.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Viewer } from '../domain/viewer.ts'

/** What callers may do: an API key with everything, an end user with what is their own alone. */
export const scopes: readonly string[] = [
  'catalogue:read',
  'connections:read',
  'connections:write',
  'links:read',
  'links:write',
]

/** Whether the caller may see and change what belongs to that person. To others it is as if it did not exist. */
export const mayTouch = ({ kind, endUser }: Viewer, ownerId: string | null): boolean =>
  kind === 'API_KEY' || (endUser !== null && endUser.id === ownerId)

/** Of what was found, what the caller may see. */
export const visibleTo = <Owned extends { readonly end_user_id: string | null }>(
  viewer: Viewer,
  found: readonly Owned[],
): readonly Owned[] => found.filter(({ end_user_id }) => mayTouch(viewer, end_user_id))

/** The filter of a list for that caller; `null`: it asks for another person's things, of which there are none to see. */
export function narrowed<Filter extends { readonly endUserId?: string | null | undefined }>(
  viewer: Viewer,
  filter: Filter,
): (Filter & { readonly endUserId?: string | null | undefined }) | null {
  if (viewer.kind === 'API_KEY') return filter
  const ownId = viewer.endUser?.id ?? null
  if (ownId === null || (filter.endUserId != null && filter.endUserId !== ownId)) return null
  return { ...filter, endUserId: ownId }
}

/** What a session's limits say against a link. */
export function limitIssues(
  { limits }: Viewer,
  link: { readonly provider: ProviderKey; readonly connector: string },
): readonly InputIssue[] {
  const message = 'is not allowed in this session'
  return [
    ...(limits?.providers?.includes(link.provider) === false ? [{ path: ['provider'], message }] : []),
    ...(limits?.connectors?.includes(link.connector) === false
      ? [{ path: ['input', 'connector'], message }]
      : []),
  ]
}

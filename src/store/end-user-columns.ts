import type { EndUser, Organization } from '../domain/end-user.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

type OrganizationColumns = Pick<ConnectionRow, 'organizationId' | 'organizationName'>

export const organizationOf = ({
  organizationId: id,
  organizationName: name,
}: OrganizationColumns): Organization | null => (id === null ? null : { id, name })

/** The end user of a link. */
export const endUserOfLink = (
  link: Pick<ConnectLinkRow, 'endUserId' | 'endUserName' | 'endUserEmail'> & OrganizationColumns,
): EndUser => ({
  id: link.endUserId,
  name: link.endUserName,
  email: link.endUserEmail,
  organization: organizationOf(link),
})

/** The end user of a connection; `null`: it has none. */
export const endUserOf = ({ endUserId, ...connection }: ConnectionRow): EndUser | null =>
  endUserId === null ? null : endUserOfLink({ ...connection, endUserId })

/** The columns of links and connections that hold an end user, without its ID. */
export const columnsOfEndUser = (endUser: EndUser | null) => ({
  endUserName: endUser?.name ?? null,
  endUserEmail: endUser?.email ?? null,
  organizationId: endUser?.organization?.id ?? null,
  organizationName: endUser?.organization?.name ?? null,
})

/** The columns of a connection that belongs to no end user and no organization, and has no tags of a link. */
export const withoutOwner = {
  endUserId: null,
  ...columnsOfEndUser(null),
  owner: 'PERSON',
  ownerEvidence: null,
  tags: '[]',
} as const

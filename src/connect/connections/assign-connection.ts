import type { z } from 'zod'
import { InvalidInputError } from '../../domain/errors.ts'
import type { ConnectionOwner } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findReturnedLink } from '../../store/competing-links.ts'
import { findOpenReconnects } from '../../store/connect-links.ts'
import { changeOwner } from '../../store/connection-owner.ts'
import { advisoryLock, type Database } from '../../store/database.ts'
import type { ConnectionRow, ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { endUserSchema } from '../input-schemas.ts'
import { revokeAtProviderInBackground } from '../links/revoke-at-provider.ts'
import { measureCompletion, transitionLink } from '../links/transition-link.ts'
import { getConnectionOrThrow } from './get-connection.ts'

export interface AssignmentRequest {
  readonly connectionId: string
  /** `null`: takes the connection from its end user. */
  readonly endUser: z.input<typeof endUserSchema> | null
  /** Whether the connection belongs to the end user, or to the organization of the end user. */
  readonly ownedBy: ConnectionOwner
}

/**
 * Decides which end user or organization a connection belongs to, where its provider does not report it. Every change is recorded. A
 * returned link of the new end user that waits for such a connection completes; reconnect links of others are revoked.
 * Throws NotFoundError, UnsupportedError or InvalidInputError.
 */
export async function assignConnection(
  context: ConnectContext,
  viewer: Viewer,
  { connectionId, endUser, ownedBy }: AssignmentRequest,
): Promise<ConnectionRow> {
  const { connection, provider } = await getConnectionOrThrow(context, viewer, connectionId)
  const parsed = endUserSchema.nullable().safeParse(endUser)
  if (!parsed.success)
    throw new InvalidInputError(
      parsed.error.issues.map(({ path, message }) => ({ path: ['endUser', ...path.map(String)], message })),
    )
  if (ownedBy === 'ORGANIZATION' && (parsed.data?.organization ?? null) === null)
    throw new InvalidInputError([{ path: ['ownedBy'], message: 'needs an organization of the end user' }])
  // An organization's own account is used for no other organization.
  const { organizationId } = provider
  if (organizationId !== null && parsed.data && parsed.data.organization?.id !== organizationId)
    throw new InvalidInputError([
      {
        path: ['endUser', 'organization', 'id'],
        message: 'is not the organization of the account of this connection',
      },
    ])
  const change = { endUser: parsed.data, ownedBy, at: context.now(), viewer: viewer.name ?? viewer.kind }
  const { updated, revoked } = await context.db.transaction().execute(async (transaction) => {
    // A link that makes or reconnects it may be completing at the same time.
    await advisoryLock(transaction, `settle ${connection.accountKey}`)
    const assigned = await changeOwner(transaction, connection.id, change)
    await completeReturnedLink(transaction, context, { connection: assigned, at: change.at })
    return { updated: assigned, revoked: await revokeReconnects(transaction, assigned, change.at) }
  })
  revokeAtProviderInBackground(context, revoked)
  return updated
}

const source = 'API_CALL'
const reason = 'ASSIGNED'

/** The connection is that of a link of the end user whose return could not be attributed: the link completes. */
async function completeReturnedLink(
  transaction: Database,
  context: ConnectContext,
  { connection, at }: { readonly connection: ConnectionRow; readonly at: Date },
): Promise<void> {
  const link = await findReturnedLink(transaction, connection)
  if (link === undefined) return
  const step = { toStatus: 'COMPLETED', at, source, reason, connectionId: connection.id } as const
  if (await transitionLink(transaction, link.id, step)) measureCompletion(context, link, at)
}

const mayReconnect = (link: ConnectLinkRow, { endUserId, organizationId, owner }: ConnectionRow): boolean =>
  link.organizationId === organizationId && (owner === 'ORGANIZATION' || link.endUserId === endUserId)

/** Revokes the open links with which other end users could reconnect the connection. Returns them. */
async function revokeReconnects(
  transaction: Database,
  connection: ConnectionRow,
  at: Date,
): Promise<readonly ConnectLinkRow[]> {
  const open = (await findOpenReconnects(transaction, connection.id)).filter(
    (link) => !mayReconnect(link, connection),
  )
  for (const link of open)
    await transitionLink(transaction, link.id, { toStatus: 'REVOKED', at, source, reason })
  return open
}

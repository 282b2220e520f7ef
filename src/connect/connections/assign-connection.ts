import type { z } from 'zod'
import { InvalidInputError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { changeOwner } from '../../store/connection-owner.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { endUserSchema } from '../input-schemas.ts'
import { getConnectionOrThrow } from './get-connection.ts'

export interface AssignmentRequest {
  readonly connectionId: string
  /** `null`: takes the connection from its end user. */
  readonly endUser: z.input<typeof endUserSchema> | null
}

/**
 * Decides which end user a connection belongs to, where its provider does not report it. Every change is recorded.
 * Throws NotFoundError, UnsupportedError or InvalidInputError.
 */
export async function assignConnection(
  context: ConnectContext,
  viewer: Viewer,
  { connectionId, endUser }: AssignmentRequest,
): Promise<ConnectionRow> {
  const { connection } = await getConnectionOrThrow(context, viewer, connectionId)
  const parsed = endUserSchema.nullable().safeParse(endUser)
  if (!parsed.success)
    throw new InvalidInputError(
      parsed.error.issues.map(({ path, message }) => ({ path: ['endUser', ...path.map(String)], message })),
    )
  const change = { endUser: parsed.data, at: context.now(), viewer: viewer.name ?? viewer.kind }
  return context.db.transaction().execute((transaction) => changeOwner(transaction, connection.id, change))
}

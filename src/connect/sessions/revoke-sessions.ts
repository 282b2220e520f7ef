import { InvalidInputError } from '../../domain/errors.ts'
import type { ConnectContext } from '../context.ts'
import { endUserIdSchema } from '../input-schemas.ts'

export interface RevokedSessions {
  readonly revokedAt: Date
}

/** Revokes all sessions of an end user that have been issued until now. Throws InvalidInputError for an ID that none can have. */
export async function revokeSessions(
  { sessions }: Pick<ConnectContext, 'sessions'>,
  endUserId: string,
): Promise<RevokedSessions> {
  const { error } = endUserIdSchema.safeParse(endUserId)
  if (error !== undefined)
    throw new InvalidInputError(error.issues.map(({ message }) => ({ path: ['endUserId'], message })))
  return { revokedAt: await sessions.revokeAll(endUserId) }
}

import type { FailureCode } from '../../domain/statuses.ts'
import { findTransitions } from '../../store/link-history.ts'
import type { ConnectContext } from '../context.ts'

/** Code of the latest failed attempt of a link; `null`: none is known. */
export async function lastFailureCode({ db }: ConnectContext, linkId: string): Promise<FailureCode | null> {
  const history = await findTransitions(db, [linkId])
  return history.findLast(({ failureCode }) => failureCode !== null)?.failureCode ?? null
}

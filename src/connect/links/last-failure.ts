import type { FailureCode } from '../../domain/statuses.ts'
import { findLastFailure } from '../../store/link-history.ts'
import type { ConnectContext } from '../context.ts'

/** Code of the latest failed attempt of a link; `null`: none is known. */
export async function lastFailureCode({ db }: ConnectContext, linkId: string): Promise<FailureCode | null> {
  return (await findLastFailure(db, linkId))?.failureCode ?? null
}

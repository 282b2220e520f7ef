import { findTransitions } from '../../store/link-history.ts'
import type { ConnectContext } from '../context.ts'

/** Reason of the last transition of a link; `null`: it has none. */
export async function lastTransitionReason({ db }: ConnectContext, linkId: string): Promise<string | null> {
  return (await findTransitions(db, [linkId])).at(-1)?.reason ?? null
}

import { historyOf } from '../../store/link-history.ts'
import type { ConnectContext } from '../context.ts'

/** Why a link is where it is, where there is more to say than its status. */
export async function lastTransitionReason({ db }: ConnectContext, linkId: string): Promise<string | null> {
  return (await historyOf(db, [linkId])).at(-1)?.reason ?? null
}

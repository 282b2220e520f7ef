import { forgetInputs } from '../../store/config-schemas.ts'
import { forgetOldKeys } from '../../store/idempotency-keys.ts'
import { forgetGateways } from '../../store/link-checks.ts'
import { forgetDisconnected, forgetEndedLinks } from '../../store/retention.ts'
import { forgetDeliveries } from '../../store/webhook-deliveries.ts'
import type { ConnectContext } from '../context.ts'

const dayMs = 86_400_000
/** No provider repeats a delivery for longer. */
const deliveriesKeptMs = 7 * dayMs

/** What has ended can be read for as long as the operator says, and then no more. */
export async function forgetOld({ db, now, retentionDays }: ConnectContext): Promise<void> {
  const at = now()
  const before = new Date(at.getTime() - retentionDays * dayMs)
  await forgetEndedLinks(db, before)
  await forgetDisconnected(db, before)
  await forgetInputs(db, before)
  await forgetDeliveries(db, new Date(at.getTime() - deliveriesKeptMs))
  await forgetOldKeys(db, at)
  await forgetGateways(db, new Date(at.getTime() - dayMs))
}

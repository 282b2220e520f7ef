import { z } from 'zod'
import { readJson } from '../../http/response-body.ts'
import type { ProviderEvent, WebhookDelivery } from '../adapter.ts'

// Nothing signs these reports. `connect_session_id` is a number that no double can hold: it is not read.
const report = z.object({
  event: z.string().nullish().catch(null),
  // The id becomes a part of a path: one of dots alone would lead elsewhere.
  account: z
    .object({ id: z.string().regex(/^[\w-]+$/) })
    .nullish()
    .catch(null),
  error: z.string().nullish().catch(null),
})

/** A report about one link: the address that it came to says which. */
export function readDelivery({ body }: WebhookDelivery): readonly ProviderEvent[] | undefined {
  const { data } = report.safeParse(readJson(body.toString()))
  if (data === undefined) return undefined
  const common = { remoteId: data.account?.id ?? null, at: null }
  switch (data.event) {
    case 'CONNECTION_SUCCESS':
      return [{ kind: 'CONNECTED', ...common, reason: null }]
    case 'CONNECTION_ERROR':
      return [{ kind: 'FAILED', ...common, reason: shortReason(data.error) }]
    default:
      return []
  }
}

/** Words for people, short enough to be kept; a character that the cut halves is left out. */
function shortReason(error: string | null | undefined): string | null {
  const words = error?.replace(/\s+/g, ' ').trim().slice(0, 200)
  return words?.replace(/\p{Cs}/gu, '') || null
}

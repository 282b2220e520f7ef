import { z } from 'zod'
import type { ConnectionStatus, HealthCode } from '../../domain/statuses.ts'
import type { RemoteConnection } from '../adapter.ts'
import { toExternalAccount } from '../external-account.ts'
import { parseDate } from '../parse-date.ts'

// `app.id` is the id of an OAuth client in some answers and of the app in others: only the slug joins account and app.
const account = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  external_id: z.string().nullish(),
  healthy: z.boolean().nullish(),
  dead: z.boolean().nullish(),
  app: z.object({ name_slug: z.string().min(1), name: z.string().nullish() }),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
})
export type AccountAnswer = z.output<typeof account>

/** Documented bare; older answers wrap it. */
export const accountAnswer = z.union([account, z.object({ data: account }).transform(({ data }) => data)])

export const pageInfo = z.object({ end_cursor: z.string().nullish() }).nullish()

/** Older answers wrap the list once more. */
export const accountPage = z.object({
  data: z.union([
    z.array(account),
    z.object({ accounts: z.array(account) }).transform((old) => old.accounts),
  ]),
  page_info: pageInfo,
})

export function toConnection(answer: AccountAnswer): RemoteConnection {
  return {
    remoteId: answer.id,
    direction: 'TOOL',
    connectorKey: answer.app.name_slug,
    name: answer.name ?? null,
    remoteGroup: null,
    endUserId: answer.external_id ?? null,
    externalAccount: accountOf(answer),
    createdAt: parseDate(answer.created_at),
    ...state(answer),
  }
}

// `external_id` is the application's own end user, and the account's id names this connection alone: what is left to tell
// one account at the application from another is the name it is shown by, unless that is only the application's.
function accountOf({ name, app }: AccountAnswer) {
  const isOfApp = [app.name, app.name_slug].some(
    (known) => known?.toLowerCase() === name?.trim().toLowerCase(),
  )
  return isOfApp ? null : toExternalAccount({ name })
}

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

/** `dead` is null, not false, on living accounts. */
function state({ dead, healthy }: AccountAnswer): State {
  if (dead === true) {
    return { status: 'NEEDS_ATTENTION', health: 'REVOKED', healthMessage: 'The authorisation was withdrawn.' }
  }
  if (healthy === false) {
    return {
      status: 'NEEDS_ATTENTION',
      health: 'NEEDS_REAUTH',
      healthMessage: 'Pipedream asks for a new authorisation.',
    }
  }
  return { status: 'ACTIVE', health: healthy === true ? 'OK' : 'UNKNOWN', healthMessage: null }
}

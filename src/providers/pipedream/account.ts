import { z } from 'zod'
import type { ConnectionStatus, HealthCode } from '../../domain/statuses.ts'
import { type RemoteConnection, unknownConnectorKey } from '../adapter.ts'
import { toExternalAccount } from '../external-account.ts'
import { lenient, lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { rowsOf } from '../rows.ts'

// `app.id` is the ID of an OAuth client in some responses and of the app in others: accounts are joined to
// apps by slug. Older responses have no slug.
const account = z.object({
  id: z.string().min(1),
  name: lenientText,
  external_id: lenientText,
  healthy: lenient(z.boolean()),
  dead: lenient(z.boolean()),
  app: lenient(z.object({ id: lenientText, name_slug: lenientText, name: lenientText })),
  created_at: timestamp,
  updated_at: timestamp,
})
export type AccountResponse = z.output<typeof account>

/** Documented without a wrapper; older responses wrap the account in `data`. */
export const accountResponse = z.union([account, z.object({ data: account }).transform(({ data }) => data)])

const endCursor = z.object({ end_cursor: cursorField(z.string()) }).transform(({ end_cursor }) => end_cursor)

/** The cursor of the next page. */
export const pageInfo = cursorField(endCursor)

/** Older responses wrap the list in `data.accounts`. */
export const accountPageResponse = z.object({
  data: z.union([
    rowsOf(account),
    z.object({ accounts: rowsOf(account) }).transform(({ accounts }) => accounts),
  ]),
  page_info: pageInfo,
})

/** `connectorKey`: of an account whose response has no slug. */
export function toConnection(
  response: AccountResponse,
  connectorKey: string = unknownConnectorKey,
): RemoteConnection {
  return {
    remoteId: response.id,
    direction: 'TOOL',
    connectorKey: slugOf(response) ?? connectorKey,
    name: response.name ?? null,
    remoteGroup: null,
    endUserId: response.external_id ?? null,
    externalAccount: accountOf(response),
    createdAt: parseDate(response.created_at),
    ...state(response),
  }
}

// `external_id` is the end user ID of the gateway's client, and `id` identifies the connection. Only the display name
// distinguishes accounts at the application, unless it is just the name of the app.
function accountOf({ name, app }: AccountResponse) {
  const isAppName = [app?.name, app?.name_slug].some(
    (appName) => appName?.toLowerCase() === name?.trim().toLowerCase(),
  )
  return isAppName ? null : toExternalAccount({ name })
}

/** `null`: the response has no slug. */
export const slugOf = ({ app }: AccountResponse): string | null => app?.name_slug || null

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
}

/**
 * `dead` is null, not false, for usable accounts. INFERRED from the names of `dead` and `healthy`: their meaning is not
 * documented, nor whether a new authorization restores an account with either.
 */
function state({ dead, healthy }: AccountResponse): State {
  if (dead === true) {
    return { status: 'NEEDS_ATTENTION', health: 'REVOKED', healthMessage: 'The authorization was withdrawn.' }
  }
  if (healthy === false) {
    return {
      status: 'NEEDS_ATTENTION',
      health: 'NEEDS_REAUTH',
      healthMessage: 'Pipedream requires a new authorization.',
    }
  }
  return { status: 'ACTIVE', health: healthy === true ? 'OK' : 'UNKNOWN', healthMessage: null }
}

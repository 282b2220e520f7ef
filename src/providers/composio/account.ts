import { z } from 'zod'
import type { ConnectionStatus, HealthCode } from '../../domain/statuses.ts'
import type { RemoteConnection } from '../adapter.ts'
import { lenient, lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { rowsOf } from '../rows.ts'

/** `state.val`, `data` and `params` contain the credentials of the account: they are never read. */
export const accountResponse = z.object({
  id: z.string().min(1),
  toolkit: z.object({ slug: z.string().min(1) }),
  auth_config: lenient(z.object({ is_disabled: lenient(z.boolean()) })),
  state: lenient(z.object({ authScheme: lenientText })),
  status: lenientText,
  status_reason: lenientText,
  is_disabled: lenient(z.boolean()),
  word_id: lenientText,
  alias: lenientText,
  user_id: lenientText,
  created_at: timestamp,
  updated_at: timestamp,
})
export type AccountResponse = z.output<typeof accountResponse>

export const accountPageResponse = z.object({
  items: rowsOf(accountResponse),
  next_cursor: cursorField(z.string()),
})

export function toConnection(response: AccountResponse): RemoteConnection {
  return {
    remoteId: response.id,
    direction: 'TOOL',
    connectorKey: response.toolkit.slug,
    name: response.alias || response.word_id || null,
    externalAccount: null,
    remoteGroup: null,
    endUserId: response.user_id || null,
    createdAt: parseDate(response.created_at),
    ...stateOf(response),
  }
}

/** Whether the account is being authorized, for the first time or again. */
export const isInitiated = (status: string | null | undefined): boolean =>
  status === 'INITIATED' || status === 'INITIALIZING'

/** SEEN in the client's types: the reason of an account whose first, or new, authorization did not finish in time. */
const hasTimedOut = ({ status_reason: reason }: AccountResponse) =>
  /initiation did not complete/i.test(reason ?? '')

interface State {
  readonly status: ConnectionStatus
  readonly health: HealthCode
  readonly healthMessage: string | null
  readonly authorization?: 'OPEN' | 'FAILED'
}

function stateOf(response: AccountResponse): State {
  const { status, status_reason: reason } = response
  if (isInitiated(status))
    return { status: 'PENDING', health: 'UNKNOWN', healthMessage: null, authorization: 'OPEN' }
  switch (status) {
    case 'ACTIVE':
      return response.is_disabled === true ? disabled(reason) : activeState(response)
    case 'INACTIVE':
      return disabled(reason)
    case 'EXPIRED':
      return hasTimedOut(response) ? { ...needsReauth(reason), authorization: 'FAILED' } : needsReauth(reason)
    case 'FAILED':
      return { ...needsReauth(reason), authorization: 'FAILED' }
    case 'REVOKED':
      return {
        status: 'NEEDS_ATTENTION',
        health: 'REVOKED',
        healthMessage: reason || 'The authorization was withdrawn.',
      }
    default:
      return { status: 'UNKNOWN', health: 'UNKNOWN', healthMessage: null }
  }
}

function activeState({ auth_config }: AccountResponse): State {
  if (auth_config?.is_disabled !== true) return { status: 'ACTIVE', health: 'OK', healthMessage: null }
  return {
    status: 'NEEDS_ATTENTION',
    health: 'DEGRADED',
    healthMessage: 'The auth config of the account is disabled at Composio.',
  }
}

const disabled = (reason: string | null | undefined): State => ({
  status: 'PAUSED',
  health: 'UNKNOWN',
  healthMessage: reason || 'The account is disabled at Composio.',
})

const needsReauth = (reason: string | null | undefined): State => ({
  status: 'NEEDS_ATTENTION',
  health: 'NEEDS_REAUTH',
  healthMessage: reason || 'Composio requires a new authorization.',
})

import { z } from 'zod'
import type { ConnectorAuth } from '../../domain/statuses.ts'
import { lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { parseDate, timestamp } from '../parse-date.ts'
import { rowsOf } from '../rows.ts'

/** `credentials`, `shared_credentials` and `proxy_config` may contain secrets: they are never read. */
const authConfig = z.object({
  id: z.string().min(1),
  toolkit: z.object({ slug: z.string().min(1) }),
  auth_scheme: lenientText,
  status: lenientText,
  created_at: timestamp,
})
export type AuthConfig = z.output<typeof authConfig>

export const authConfigPageResponse = z.object({
  items: rowsOf(authConfig),
  next_cursor: cursorField(z.string()),
})

/** Whether an account can be connected with it: enabled, and with credentials of an end user. */
export const isUsable = ({ status, auth_scheme: scheme }: AuthConfig): boolean =>
  status !== 'DISABLED' && authOf(scheme) !== 'NONE'

/** The auth config that is used unless a link names one: the oldest, so that a new one changes nothing. */
export function defaultOf(usable: readonly AuthConfig[]): AuthConfig | undefined {
  return usable.toSorted((a, b) => createdMs(a) - createdMs(b) || (a.id < b.id ? -1 : 1))[0]
}

const createdMs = ({ created_at }: AuthConfig) => parseDate(created_at)?.getTime() ?? Number.MAX_SAFE_INTEGER

const keySchemes: ReadonlySet<string> = new Set([
  'API_KEY',
  'BASIC',
  'BASIC_WITH_JWT',
  'BEARER_TOKEN',
  'BILLCOM_AUTH',
  'CALCOM_AUTH',
  'GOOGLE_SERVICE_ACCOUNT',
  'SERVICE_ACCOUNT',
  'S2S_OAUTH2',
])

/** The schemes of the client's types. */
export function authOf(scheme: string | null | undefined): ConnectorAuth {
  if (scheme == null) return 'UNKNOWN'
  if (isOAuth(scheme)) return 'OAUTH'
  if (scheme === 'NO_AUTH') return 'NONE'
  return keySchemes.has(scheme) ? 'KEYS' : 'UNKNOWN'
}

/** Whether the end user consents on a page of the application. */
export const isOAuth = (scheme: string): boolean => ['OAUTH2', 'OAUTH1', 'DCR_OAUTH'].includes(scheme)

import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import type { AdapterLink, LinkProgress } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'
import { type AccountAnswer, toConnection } from './account.ts'
import { accountsOf, findAccount, type Project } from './api.ts'

/** What a connect link remembers. */
export const connectMemo = z.object({
  /** The accounts that this user had for this app before. */
  baseline: z.array(z.string()),
  /** Whether Pipedream reports which account the link has made. */
  hasWebhook: z.boolean().default(false),
})

/** What a reconnect link remembers of its account. */
export const reconnectMemo = z.object({ remoteId: z.string(), updatedAt: z.string().nullable() })

/** What became of a link. Reports are heard, and what counts is what is then read. */
export function checkLink(project: Project, link: AdapterLink, call: RequestContext): Promise<LinkProgress> {
  return link.purpose === 'RECONNECT'
    ? checkReconnect(project, link, call)
    : checkConnect(project, link, call)
}

async function checkConnect(
  project: Project,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const reported = await reportedAccount(project, link, call)
  if (reported) return { kind: 'completed', connection: toConnection(reported) }
  const { baseline, hasWebhook } = connectMemo.parse(link.providerState)
  const present = await accountsOf(project, link, call)
  const connections = present.filter(({ remoteId }) => !baseline.includes(remoteId))
  if (connections.length === 0) return failed(link) ?? { kind: 'open' }
  // Which of several is the link's own, its report will say.
  return connections.length > 1 && hasWebhook ? { kind: 'open' } : { kind: 'candidates', connections }
}

/** The account that is said to be the link's, if it is there and may be. */
async function reportedAccount(
  project: Project,
  { event, endUserId, connectorKey }: AdapterLink,
  call: RequestContext,
): Promise<AccountAnswer | null> {
  if (event?.kind !== 'CONNECTED' || event.remoteId === null) return null
  const account = await findAccount(project, event.remoteId, call)
  const mayBe = account?.external_id === endUserId && account.app.name_slug === connectorKey
  return mayBe ? account : null
}

async function checkReconnect(
  project: Project,
  link: AdapterLink,
  call: RequestContext,
): Promise<LinkProgress> {
  const { remoteId, updatedAt } = reconnectMemo.parse(link.providerState)
  const account = await findAccount(project, remoteId, call)
  if (account === null) return { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
  const connection = toConnection(account)
  const isReported = link.event?.kind === 'CONNECTED' && link.event.remoteId === remoteId
  const isNew = isReported || isLater(account.updated_at, updatedAt)
  if (isNew && connection.status === 'ACTIVE') return { kind: 'completed', connection }
  return failed(link) ?? { kind: 'open' }
}

/** A time that is not known is no evidence. */
function isLater(now: string | null | undefined, before: string | null): boolean {
  const [at, then] = [parseDate(now), parseDate(before)]
  return at !== null && then !== null && at > then
}

const failed = ({ event }: AdapterLink): LinkProgress | null =>
  event?.kind === 'FAILED'
    ? { kind: 'ended', status: 'FAILED', reason: event.reason ?? 'CONNECTION_ERROR' }
    : null

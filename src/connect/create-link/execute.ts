import { randomUUID } from 'node:crypto'
import { uncancelled } from '../../http/http-types.ts'
import type { LinkOutcome, LinkRequest } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinksOf, insertLink } from '../../store/connect-links.ts'
import { referenceTo } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { newToken } from '../../store/encryption.ts'
import { answerKey, type Reservation } from '../../store/idempotency-keys.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { saveConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { gatewayUrl, tokenUrl } from '../links/link-url.ts'
import { takeBackAtProvider } from '../links/revoke-at-provider.ts'
import { type LinkTokens, madeBy, newLink } from './link-record.ts'
import type { ProviderSelection } from './rank-offers.ts'
import { supersedeOlder } from './supersede.ts'
import type { LinkPlan } from './validate-request.ts'
import { type CreatedLink, linkWarnings } from './warnings.ts'

export interface Making {
  readonly plan: LinkPlan
  /** Under an idempotency key. */
  readonly reservation: Reservation | null
  /** Where the gateway chose the provider. */
  readonly selection?: ProviderSelection | undefined
}

/** From here on things are made at the provider: they are finished and recorded even when the caller goes away. */
export const makeLink = (
  context: ConnectContext,
  provider: ConfiguredProvider,
  making: Making,
): Promise<CreatedLink> => context.finishing(make(context, provider, making))

async function make(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { plan, reservation, selection }: Making,
): Promise<CreatedLink> {
  const tokens = { open: newToken(), comeBack: newToken(), report: newToken() }
  const request = requestFor(context, provider, { plan, reservation, tokens })
  const outcome = await send(provider, plan, request)
  const link = newLink(context, provider, { plan, request, outcome, tokens })
  const warnings = linkWarnings(provider, plan.input, { outcome, link })
  const { connectLink, superseded } = await context.db.transaction().execute(async (transaction) => {
    const connectLink = await recordLink(transaction, provider, { link, outcome, plan })
    if (reservation !== null) await answerKey(transaction, reservation, { warnings, selection })
    return { connectLink, superseded: await supersedeOlder(transaction, connectLink) }
  })
  takeBackAtProvider(context, superseded)
  return { connectLink, replayed: false, warnings, selection }
}

function requestFor(
  { db, now, publicUrl }: ConnectContext,
  provider: ConfiguredProvider,
  { plan, reservation, tokens }: Making & { readonly tokens: LinkTokens },
): LinkRequest<unknown> {
  const { input, connectorName, direction } = plan
  const linkId = reservation?.linkId ?? randomUUID()
  const wayBack = tokenUrl(publicUrl, 'return', tokens.comeBack)
  // A provider out there reaches nothing but https; the sandbox is next door.
  const isReachable = provider.sandbox || publicUrl.protocol === 'https:'
  const report = gatewayUrl(publicUrl, `webhooks/${provider.key.toLowerCase()}/${tokens.report}`)
  return {
    linkId,
    connectorKey: input.connector,
    connectorName,
    direction,
    endUser: input.endUser,
    redirectUri: `${wayBack}/success`,
    errorRedirectUri: `${wayBack}/error`,
    webhookUri: isReachable ? report : null,
    expiresInSeconds: input.expiresInSeconds,
    options: input.options,
    attempt: {
      since: reservation?.reservedAt ?? now(),
      isRetry: reservation?.isRetry ?? false,
      isClaimed: async (remoteId) => (await findLinksOf(db, provider.scope, remoteId)).length > 0,
    },
  }
}

/** A step that has begun is finished: the caller's signal is not passed on. */
function send(
  { adapter }: ConfiguredProvider,
  { connection }: LinkPlan,
  request: LinkRequest<unknown>,
): Promise<LinkOutcome> {
  const call = uncancelled()
  if (connection === null) return adapter.createLink(request, call)
  if (adapter.createReconnectLink === undefined)
    throw new Error('a reconnect was planned that the provider does not offer')
  return adapter.createReconnectLink(referenceTo(connection), request, call)
}

/** The link, its first history row, and the connection that already exists at the provider. */
async function recordLink(
  transaction: Database,
  provider: ConfiguredProvider,
  {
    link,
    outcome,
    plan,
  }: { readonly link: ConnectLinkRow; readonly outcome: LinkOutcome; readonly plan: LinkPlan },
): Promise<ConnectLinkRow> {
  const made = madeBy(outcome)
  const isDone = outcome.kind === 'connected'
  const at = link.created_at
  const origin = { provider: provider.key, scope: provider.scope, now: at }
  const owner = { endUser: plan.input.endUser, tags: plan.input.tags, listed: isDone }
  const [saved] = await saveConnections(transaction, origin, made ? [made] : [], owner)
  const connection_id = plan.connection?.id ?? (isDone ? (saved?.id ?? null) : null)
  const row = { ...link, connection_id }
  const first = { from_status: null, to_status: link.status, at, source: 'API_CALL', reason: null } as const
  await insertLink(transaction, row, first)
  return row
}

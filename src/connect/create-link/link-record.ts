import type {
  Expiry,
  LinkOutcome,
  LinkRequest,
  OpenedLink,
  RemoteConnection,
} from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { sealPlace } from '../links/link-url.ts'
import { firstCheckAt } from '../links/poll-interval.ts'
import type { LinkPlan } from './validate-request.ts'

/** Three addresses, three secrets: who knows one cannot guess another. */
export interface LinkTokens {
  readonly open: string
  readonly comeBack: string
  readonly report: string
}

interface Made {
  readonly plan: LinkPlan
  readonly request: LinkRequest<unknown>
  readonly outcome: LinkOutcome
  readonly tokens: LinkTokens
}

/** The record of a link that its provider has just made. */
export function newLink(context: ConnectContext, provider: ConfiguredProvider, made: Made): ConnectLinkRow {
  const { plan, request, outcome } = made
  const now = context.now()
  const columns = outcome.kind === 'open' ? openColumns(context, made, outcome) : doneColumns
  return {
    id: request.linkId,
    ...plannedColumns(provider, plan, now),
    ...columns,
    remote_connection_id: plan.connection?.remote_id ?? madeBy(outcome)?.remoteId ?? null,
    connection_id: null,
    next_check_at: columns.status === 'CREATED' ? firstCheckAt(columns, now) : null,
  }
}

/** The connection that is there already, finished or half made. */
export const madeBy = (outcome: LinkOutcome): RemoteConnection | null =>
  outcome.kind === 'connected' ? outcome.connection : outcome.halfMade

/** The record of a link that leads to a connection that was there already; no provider has heard of it. */
export function reusedLink(
  { now }: ConnectContext,
  provider: ConfiguredProvider,
  reused: { readonly plan: LinkPlan; readonly linkId: string; readonly connectionId: string },
): ConnectLinkRow {
  return {
    id: reused.linkId,
    ...plannedColumns(provider, reused.plan, now()),
    ...doneColumns,
    // With it the link would claim the connection, which belongs to the one that made it.
    remote_connection_id: null,
    connection_id: reused.connectionId,
    next_check_at: null,
  }
}

/** What follows from the plan alone. */
const plannedColumns = ({ key, scope, capabilities }: ConfiguredProvider, plan: LinkPlan, now: Date) =>
  ({
    provider: key,
    scope,
    connector_key: plan.input.connector,
    direction: plan.direction,
    purpose: plan.connection === null ? 'CONNECT' : 'RECONNECT',
    end_user_id: plan.input.endUser.id,
    end_user_name: plan.input.endUser.name,
    end_user_email: plan.input.endUser.email,
    embeddable: capabilities.embeddable,
    tags: plan.input.tags,
    created_at: now,
    opened_at: null,
    moved_at: now,
    revoked_at_provider: null,
    checked_at: null,
    busy_until: null,
    leased_by: null,
  }) as const

/** With credentials there was nothing left to do: no URL, and nothing that could expire. */
const doneColumns = {
  status: 'COMPLETED',
  token_hash: null,
  token_sealed: null,
  return_token_hash: null,
  webhook_token_hash: null,
  provider_url_sealed: null,
  redirect_sealed: null,
  error_redirect_sealed: null,
  expires_at: null,
  expiry_source: 'NONE',
  watch_until: null,
  requires_provider_login: false,
  instructions: null,
  remote_link_id: null,
  remote_group: null,
  memo: null,
} as const

function openColumns(
  { secrets, linkTtlSeconds, now }: ConnectContext,
  { plan: { input }, request: { linkId }, tokens }: Made,
  outcome: OpenedLink,
) {
  const longest = Math.min(linkTtlSeconds, input.expiresInSeconds ?? linkTtlSeconds)
  const expiry = effectiveExpiry(outcome.expiry, new Date(now().getTime() + longest * 1000))
  const seal = (text: string | null, column: Parameters<typeof sealPlace>[1]) =>
    text === null ? null : secrets.seal(text, sealPlace(linkId, column))
  return {
    status: 'CREATED',
    token_hash: hashToken(tokens.open),
    token_sealed: seal(tokens.open, 'token'),
    return_token_hash: hashToken(tokens.comeBack),
    webhook_token_hash: hashToken(tokens.report),
    provider_url_sealed: seal(outcome.url, 'url'),
    redirect_sealed: seal(input.redirectUri, 'redirect'),
    error_redirect_sealed: seal(input.errorRedirectUri ?? input.redirectUri, 'error-redirect'),
    expires_at: expiry.at,
    expiry_source: expiry.source,
    watch_until: watchUntil(outcome, expiry.at ?? now()),
    requires_provider_login: outcome.requiresProviderLogin,
    instructions: outcome.instructions,
    remote_link_id: outcome.remoteLinkId,
    remote_group: outcome.remoteGroup,
    memo: outcome.memo,
  } as const
}

/** What was half made is looked after until it is removed, however long its provider could not be reached. */
function watchUntil({ expiry, halfMade }: OpenedLink, ends: Date): Date {
  const lastUse = expiry.at ?? new Date(ends.getTime() + endlessWatchMs)
  return halfMade === null ? lastUse : new Date(lastUse.getTime() + dayMs)
}

const dayMs = 86_400_000

/** A provider's link without an end is looked after for an hour after ours has ended. */
const endlessWatchMs = 3_600_000

/** Clocks differ by seconds: only a policy that is clearly earlier than the provider's own end takes its place. */
function effectiveExpiry(provider: Expiry, policyAt: Date): Expiry {
  const isPolicyEarlier = provider.at === null || policyAt.getTime() < provider.at.getTime() - 5_000
  return isPolicyEarlier ? { at: policyAt, source: 'GATEWAY_POLICY' } : provider
}

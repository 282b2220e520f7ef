import type { Expiry, LinkOutcome, LinkRequest, OpenedLink } from '../providers/provider.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { hashToken } from '../store/secrets.ts'
import type { ConnectContext } from './context.ts'
import { sealPlace } from './link-url.ts'
import type { LinkTokens } from './make-link.ts'
import type { LinkPlan } from './plan-link.ts'
import { firstCheckAt } from './poll-interval.ts'

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
  const halfMade = outcome.kind === 'connected' ? outcome.connection : outcome.halfMade
  return {
    id: request.linkId,
    provider: provider.key,
    scope: provider.scope,
    connector_key: request.connectorKey,
    direction: request.direction,
    purpose: plan.connection === null ? 'CONNECT' : 'RECONNECT',
    end_user_id: request.endUser.id,
    end_user_name: request.endUser.name,
    end_user_email: request.endUser.email,
    embeddable: provider.capabilities.embeddable,
    ...columns,
    remote_connection_id: plan.connection?.remote_id ?? halfMade?.remoteId ?? null,
    connection_id: null,
    tags: plan.input.tags,
    created_at: now,
    opened_at: null,
    moved_at: now,
    revoked_at_provider: null,
    checked_at: null,
    next_check_at: columns.status === 'CREATED' ? firstCheckAt(columns, now) : null,
    busy_until: null,
    leased_by: null,
  }
}

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
    watch_until: outcome.expiry.at ?? new Date((expiry.at ?? now()).getTime() + endlessWatchMs),
    requires_provider_login: outcome.requiresProviderLogin,
    instructions: outcome.instructions,
    remote_link_id: outcome.remoteLinkId,
    remote_group: outcome.remoteGroup,
    memo: outcome.memo,
  } as const
}

/** A provider's link without an end is looked after for an hour after ours has ended. */
const endlessWatchMs = 3_600_000

/** Clocks differ by seconds: only a policy that is clearly earlier than the provider's own end takes its place. */
function effectiveExpiry(provider: Expiry, policyAt: Date): Expiry {
  const isPolicyEarlier = provider.at === null || policyAt.getTime() < provider.at.getTime() - 5_000
  return isPolicyEarlier ? { at: policyAt, source: 'GATEWAY_POLICY' } : provider
}

import type { Expiry, LinkOutcome, LinkRequest, OpenedLink } from '../providers/provider.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import { insertLink } from '../store/connect-links.ts'
import { saveConnections } from '../store/connections.ts'
import type { Database } from '../store/database.ts'
import { answerKey, type KeyName } from '../store/idempotency-keys.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { hashToken, newToken } from '../store/secrets.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { sealPlace } from './link-url.ts'
import { type CreatedLink, linkWarnings } from './link-warnings.ts'
import { once } from './once.ts'
import { type LinkPlan, planLink, type WantedLink } from './plan-link.ts'

/** Makes a connect link with one provider. Nothing is sent for an input that is refused. */
export async function createConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  wanted: WantedLink,
): Promise<CreatedLink> {
  const plan = await planLink(context, viewer, wanted)
  wanted.signal.throwIfAborted()
  const { idempotencyKey: key } = plan.input
  if (key === null) return makeLink(context, wanted.provider, { plan, key: null })
  return once(
    context,
    { operation: 'createConnectLink', key, input: [wanted.provider.key, plan.input] },
    (name) => makeLink(context, wanted.provider, { plan, key: name }),
  )
}

/** From here on things are made at the provider: they are finished and recorded even when the caller goes away. */
async function makeLink(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { plan, key }: { readonly plan: LinkPlan; readonly key: KeyName | null },
): Promise<CreatedLink> {
  const outcome = await provider.adapter.createLink(plan.request, { signal: new AbortController().signal })
  const link = newLink(context, provider, { ...plan, outcome })
  const warnings = linkWarnings(provider, plan.input, { outcome, link })
  return context.db.transaction().execute(async (transaction) => {
    const connectLink = await recordLink(transaction, provider, { link, outcome, plan })
    if (key !== null) await answerKey(transaction, key, { linkId: link.id, answer: { warnings } })
    return { connectLink, replayed: false, warnings }
  })
}

/** The link, its first history row, and the connection that already exists at the provider. */
async function recordLink(
  transaction: Database,
  provider: ConfiguredProvider,
  made: { readonly link: ConnectLinkRow; readonly outcome: LinkOutcome; readonly plan: LinkPlan },
): Promise<ConnectLinkRow> {
  const { outcome, plan } = made
  const isDone = outcome.kind === 'connected'
  const connection = isDone ? outcome.connection : outcome.halfMade
  const at = made.link.created_at
  const origin = { provider: provider.key, scope: provider.scope, now: at }
  const owner = { endUser: plan.request.endUser, tags: plan.input.tags, listed: isDone }
  const [saved] = await saveConnections(transaction, origin, connection ? [connection] : [], owner)
  const link = { ...made.link, connection_id: isDone ? (saved?.id ?? null) : null }
  await insertLink(transaction, link, {
    from_status: null,
    to_status: link.status,
    at,
    source: 'API_CALL',
    reason: null,
  })
  return link
}

function newLink(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { input, request, outcome }: LinkPlan & { readonly outcome: LinkOutcome },
): ConnectLinkRow {
  const connection = outcome.kind === 'connected' ? outcome.connection : outcome.halfMade
  return {
    ...commonColumns(provider, request),
    ...(outcome.kind === 'open' ? openColumns(context, { input, request }, outcome) : doneColumns),
    embeddable: provider.capabilities.embeddable,
    remote_connection_id: connection?.remoteId ?? null,
    connection_id: null,
    tags: input.tags,
    created_at: context.now(),
    checked_at: null,
  }
}

const commonColumns = (provider: ConfiguredProvider, request: LinkRequest<unknown>) => ({
  id: request.linkId,
  provider: provider.key,
  scope: provider.scope,
  connector_key: request.connectorKey,
  direction: request.direction,
  purpose: 'CONNECT' as const,
  end_user_id: request.endUser.id,
  end_user_name: request.endUser.name,
  end_user_email: request.endUser.email,
})

/** With credentials there was nothing left to do: no URL, and nothing that could expire. */
const doneColumns = {
  status: 'COMPLETED',
  token_hash: null,
  token_sealed: null,
  provider_url_sealed: null,
  expires_at: null,
  expiry_source: 'NONE',
  requires_provider_login: false,
  instructions: null,
  remote_link_id: null,
  remote_group: null,
  memo: null,
} as const

function openColumns(
  { secrets, linkTtlSeconds, now }: ConnectContext,
  { input, request }: LinkPlan,
  outcome: OpenedLink,
) {
  const token = newToken()
  const longest = Math.min(linkTtlSeconds, input.expiresInSeconds ?? linkTtlSeconds)
  const expiry = effectiveExpiry(outcome.expiry, new Date(now().getTime() + longest * 1000))
  return {
    status: 'CREATED',
    token_hash: hashToken(token),
    token_sealed: secrets.seal(token, sealPlace(request.linkId, 'token')),
    provider_url_sealed: secrets.seal(outcome.url, sealPlace(request.linkId, 'url')),
    expires_at: expiry.at,
    expiry_source: expiry.source,
    requires_provider_login: outcome.requiresProviderLogin,
    instructions: outcome.instructions,
    remote_link_id: outcome.remoteLinkId,
    remote_group: outcome.remoteGroup,
    memo: outcome.memo,
  } as const
}

/** Clocks differ by seconds: only a policy that is clearly earlier than the provider's own end takes its place. */
function effectiveExpiry(provider: Expiry, policyAt: Date): Expiry {
  const isPolicyEarlier = provider.at === null || policyAt.getTime() < provider.at.getTime() - 5_000
  return isPolicyEarlier ? { at: policyAt, source: 'GATEWAY_POLICY' } : provider
}

import { randomUUID } from 'node:crypto'
import { type InputIssue, NotFoundError, UnsupportedError } from '../errors.ts'
import type { Direction, Expiry, LinkOutcome, LinkRequest, OpenedLink } from '../providers/provider.ts'
import type { ConfiguredProvider } from '../providers/provider-set.ts'
import { insertLink } from '../store/connect-links.ts'
import { saveConnections } from '../store/connections.ts'
import type { ConnectLinkRow } from '../store/schema.ts'
import { hashToken, newToken } from '../store/secrets.ts'
import { type CheckedInput, type ConnectLinkInput, checkConnectLinkInput } from './connect-link-input.ts'
import type { ConnectContext, Viewer } from './context.ts'
import { gatewayUrl, sealPlace } from './link-url.ts'
import { type LinkWarning, linkWarnings } from './link-warnings.ts'

export interface CreatedLink {
  readonly connectLink: ConnectLinkRow
  readonly replayed: boolean
  readonly warnings: readonly LinkWarning[]
}

/** Makes a connect link with one provider. Nothing is sent for an input that is refused. */
export async function createConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  wanted: {
    readonly provider: ConfiguredProvider
    readonly input: ConnectLinkInput
    readonly signal: AbortSignal
  },
): Promise<CreatedLink> {
  const { provider } = wanted
  const plan = await planLink(context, viewer, wanted)
  wanted.signal.throwIfAborted()
  // From here on things are made at the provider: they are finished and recorded even when the caller goes away.
  const outcome = await provider.adapter.createLink(plan.request, { signal: new AbortController().signal })
  const connectLink = await recordLink(context, provider, { ...plan, outcome })
  const { expires_at, created_at } = connectLink
  const expiresInSeconds = expires_at && Math.round((expires_at.getTime() - created_at.getTime()) / 1000)
  return {
    connectLink,
    replayed: false,
    warnings: linkWarnings(provider, plan.input, { outcome, expiresInSeconds }),
  }
}

interface Plan {
  readonly input: CheckedInput
  readonly request: LinkRequest<unknown>
}

async function planLink(
  context: ConnectContext,
  viewer: Viewer,
  { provider, input, signal }: { provider: ConfiguredProvider; input: ConnectLinkInput; signal: AbortSignal },
): Promise<Plan> {
  const { direction, issues } = await chooseDirection(context, provider, { input, signal })
  const checked = checkConnectLinkInput(input, {
    provider,
    viewer,
    redirects: context.redirects,
    moreIssues: issues,
  })
  const connector = context.catalogue.get(provider.key, checked.connector)
  if (connector === undefined && context.catalogue.has(provider.key)) {
    throw new NotFoundError(`${provider.name} has no connector "${checked.connector}".`)
  }
  if (connector?.linkable === false) {
    throw new UnsupportedError(
      provider.key,
      `${provider.name} offers no connect link for "${checked.connector}".`,
    )
  }
  const done = gatewayUrl(context.publicUrl, 'done')
  const redirectUri = checked.redirectUri ?? done
  return {
    input: checked,
    request: {
      linkId: randomUUID(),
      connectorKey: checked.connector,
      connectorName: connector?.name ?? null,
      direction,
      endUser: checked.endUser,
      redirectUri,
      errorRedirectUri: checked.errorRedirectUri ?? redirectUri,
      expiresInSeconds: checked.expiresInSeconds,
      options: checked.options,
    },
  }
}

/** Only a connector that offers more than one direction needs to be told which; for those the catalogue is waited for. */
async function chooseDirection(
  context: ConnectContext,
  provider: ConfiguredProvider,
  { input, signal }: { input: ConnectLinkInput; signal: AbortSignal },
): Promise<{ direction: Direction; issues: readonly InputIssue[] }> {
  const [standard, ...others] = provider.capabilities.directions
  if (others.length > 0 && input.direction == null && !context.catalogue.has(provider.key)) {
    await context.catalogue.sync(provider, signal)
  }
  const offered =
    context.catalogue.get(provider.key, input.connector)?.directions ?? provider.capabilities.directions
  const refuse = (message: string) => ({
    direction: standard,
    issues: [{ path: ['input', 'direction'], message: `${message}: ${offered.join(' or ')}` }],
  })
  if (input.direction == null) {
    const [only, ...rest] = offered
    if (rest.length > 0) return refuse('is required for this connector')
    return { direction: only ?? standard, issues: [] }
  }
  if (!provider.capabilities.directions.includes(input.direction)) {
    throw new UnsupportedError(
      provider.key,
      `${provider.name} makes no links of direction ${input.direction}.`,
    )
  }
  return offered.includes(input.direction)
    ? { direction: input.direction, issues: [] }
    : refuse('is not offered by this connector')
}

/** One transaction: the link, its first history row, and the connection that already exists at the provider. */
async function recordLink(
  context: ConnectContext,
  provider: ConfiguredProvider,
  made: Plan & { readonly outcome: LinkOutcome },
): Promise<ConnectLinkRow> {
  const { input, request, outcome } = made
  const now = context.now()
  const isDone = outcome.kind === 'connected'
  const connection = isDone ? outcome.connection : outcome.halfMade
  return context.db.transaction().execute(async (transaction) => {
    const origin = { provider: provider.key, scope: provider.scope, now }
    const owner = { endUser: request.endUser, tags: input.tags, listed: isDone }
    const [saved] = await saveConnections(transaction, origin, connection ? [connection] : [], owner)
    const link: ConnectLinkRow = {
      ...commonColumns(provider, request),
      ...(outcome.kind === 'open' ? openColumns(context, made, outcome) : doneColumns),
      embeddable: provider.capabilities.embeddable,
      remote_connection_id: connection?.remoteId ?? null,
      connection_id: isDone ? (saved?.id ?? null) : null,
      tags: input.tags,
      created_at: now,
      checked_at: null,
    }
    const born = {
      from_status: null,
      to_status: link.status,
      at: now,
      source: 'API_CALL',
      reason: null,
    } as const
    await insertLink(transaction, link, born)
    return link
  })
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
  { input, request }: Plan,
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

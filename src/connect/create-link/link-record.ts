import type {
  Expiry,
  LinkOutcome,
  LinkRequest,
  RemoteConnection,
  RemoteLink,
} from '../../providers/adapter.ts'
import { hashToken } from '../../store/encryption.ts'
import { columnsOfEndUser } from '../../store/end-user-columns.ts'
import type { NewConnectLink } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { encryptionContext } from '../links/link-url.ts'
import { firstCheckAt } from '../links/poll-interval.ts'
import { usableExpiry } from './usable-expiry.ts'
import type { ValidatedLink } from './validate-link.ts'

/** The secrets in the three URLs of a link. */
export interface LinkTokens {
  /** In the URL that the end user opens. */
  readonly linkToken: string
  /** In the URL that the provider redirects back to. */
  readonly returnToken: string
  /** In the URL that the provider posts webhooks about this link to. */
  readonly webhookToken: string
}

interface Creation {
  readonly request: LinkRequest<unknown>
  readonly outcome: LinkOutcome
  readonly tokens: LinkTokens
}

/** The row of a link that its provider has just created. */
export function linkRecord(context: ConnectContext, link: ValidatedLink, creation: Creation): NewConnectLink {
  const { request, outcome } = creation
  const now = context.now()
  const columns = outcome.kind === 'open' ? openColumns(context, link, { ...creation, outcome }) : doneColumns
  return {
    id: request.linkId,
    ...columnsOfLink(link, now),
    ...columns,
    remoteConnectionId: link.connection?.remoteId ?? connectionOf(outcome)?.remoteId ?? null,
    connectionId: null,
    nextCheckAt: columns.status === 'CREATED' ? firstCheckAt(columns, now) : null,
  }
}

/** The connection that exists at the provider already, complete or pending. */
export const connectionOf = (outcome: LinkOutcome): RemoteConnection | null =>
  outcome.kind === 'connected' ? outcome.connection : outcome.pendingConnection

/** The row of a completed link to an existing connection; nothing is created at the provider. */
export function reusedLinkRecord(
  { now }: ConnectContext,
  link: ValidatedLink,
  { linkId, connectionId }: { readonly linkId: string; readonly connectionId: string },
): NewConnectLink {
  return {
    id: linkId,
    ...columnsOfLink(link, now()),
    ...doneColumns,
    // With a remote id the link would claim the connection, which belongs to the link that made it.
    remoteConnectionId: null,
    connectionId,
    nextCheckAt: null,
  }
}

/** Columns that do not depend on the provider's answer. */
const columnsOfLink = (
  { provider, input, direction, connection, tags, appearance }: ValidatedLink,
  now: Date,
) =>
  ({
    provider: provider.key,
    accountKey: provider.accountKey,
    connectorKey: input.connector,
    direction,
    purpose: connection === null ? 'CONNECT' : 'RECONNECT',
    endUserId: input.endUser.id,
    ...columnsOfEndUser(input.endUser),
    owner: input.ownedBy,
    embeddable: provider.capabilities.embeddable,
    tags,
    guard: input.guard,
    codeChallenge: input.codeChallenge,
    createdAt: now,
    openedAt: null,
    returnedAt: null,
    statusChangedAt: now,
    revokedAtProvider: null,
    checkedAt: null,
    polledAt: null,
    checkLockExpiresAt: null,
    leasedBy: null,
    claimHash: null,
    claimExpiresAt: null,
    heldUntil: null,
    confirmationHash: null,
    confirmationAttempts: 0,
    removalDueAt: null,
    ...appearance,
  }) as const

/** The end user has nothing to do: no URL, and nothing that could expire. */
const doneColumns = {
  status: 'COMPLETED',
  tokenHash: null,
  tokenEncrypted: null,
  returnTokenHash: null,
  webhookTokenHash: null,
  providerUrlEncrypted: null,
  redirectUriEncrypted: null,
  errorRedirectUriEncrypted: null,
  expiresAt: null,
  expirySource: 'NONE',
  watchUntil: null,
  requiresProviderLogin: false,
  instructions: null,
  remoteLinkId: null,
  remoteGroup: null,
  providerState: null,
} as const

function openColumns(
  context: ConnectContext,
  { input, provider }: ValidatedLink,
  { request: { linkId }, tokens, outcome }: Omit<Creation, 'outcome'> & { readonly outcome: RemoteLink },
) {
  const { encryption, linkTtlSeconds, now } = context
  const ttlSeconds = Math.min(linkTtlSeconds, input.expiresInSeconds ?? linkTtlSeconds)
  const providerExpiry = usableExpiry(context, provider.accountKey, outcome.expiry)
  const expiry = effectiveExpiry(providerExpiry, new Date(now().getTime() + ttlSeconds * 1000))
  const encrypt = (text: string | null, column: Parameters<typeof encryptionContext>[1]) =>
    text === null ? null : encryption.encrypt(text, encryptionContext(linkId, column))
  return {
    status: 'CREATED',
    tokenHash: hashToken(tokens.linkToken),
    tokenEncrypted: encrypt(tokens.linkToken, 'token'),
    returnTokenHash: hashToken(tokens.returnToken),
    webhookTokenHash: hashToken(tokens.webhookToken),
    providerUrlEncrypted: encrypt(outcome.url, 'url'),
    redirectUriEncrypted: encrypt(input.redirectUri, 'redirect'),
    errorRedirectUriEncrypted: encrypt(input.errorRedirectUri ?? input.redirectUri, 'error-redirect'),
    expiresAt: expiry.at,
    expirySource: expiry.source,
    watchUntil: watchUntil({ ...outcome, expiry: providerExpiry }, expiry.at ?? now()),
    requiresProviderLogin: outcome.requiresProviderLogin,
    instructions: outcome.instructions,
    steps: outcome.steps ?? null,
    remoteLinkId: outcome.remoteLinkId,
    remoteGroup: outcome.remoteGroup,
    providerState: outcome.providerState,
  } as const
}

const dayMs = 86_400_000

/** How long a provider link without an expiry is checked after the gateway's link has ended. */
const endlessWatchMs = 3_600_000

/** A pending connection is checked for one more day, so that it is removed although its provider is down for a while. */
function watchUntil(
  { expiry, pendingConnection }: Pick<RemoteLink, 'expiry' | 'pendingConnection'>,
  endsAt: Date,
): Date {
  const lastUse = expiry.at ?? new Date(endsAt.getTime() + endlessWatchMs)
  return pendingConnection === null ? lastUse : new Date(lastUse.getTime() + dayMs)
}

/** Tolerated clock skew: the policy replaces the provider's expiry only if it is clearly earlier. */
const expirySkewMs = 5_000

function effectiveExpiry(provider: Expiry, policyAt: Date): Expiry {
  const isPolicyEarlier = provider.at === null || policyAt.getTime() < provider.at.getTime() - expirySkewMs
  return isPolicyEarlier ? { at: policyAt, source: 'GATEWAY_POLICY' } : provider
}

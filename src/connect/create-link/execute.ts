import { randomUUID } from 'node:crypto'
import { isLoopbackHost } from '../../domain/loopback.ts'
import { operation } from '../../http/http-types.ts'
import type { LinkOutcome, LinkRequest } from '../../providers/adapter.ts'
import { findLinksByRemoteConnection, insertLink } from '../../store/connect-links.ts'
import { toReference } from '../../store/connections.ts'
import type { Database } from '../../store/database.ts'
import { newToken } from '../../store/encryption.ts'
import { type Reservation, storeResponse } from '../../store/idempotency-keys.ts'
import type { ConnectLinkRow, NewConnectLink } from '../../store/schema.ts'
import { upsertConnections } from '../../store/upsert-connections.ts'
import type { ConnectContext } from '../context.ts'
import { linkAttributes } from '../links/link-attributes.ts'
import { gatewayUrl, tokenUrl } from '../links/link-url.ts'
import { readOrigin } from '../links/read-origin.ts'
import { revokeAtProviderInBackground } from '../links/revoke-at-provider.ts'
import { connectionOf, type LinkTokens, linkRecord } from './link-record.ts'
import { withReservation } from './open-link-limit.ts'
import type { ProviderSelection } from './rank-offers.ts'
import { supersedeOlder } from './supersede.ts'
import type { ValidatedLink } from './validate-link.ts'
import { type CreatedLink, linkWarnings } from './warnings.ts'

/** A link that is about to be created. */
export interface LinkCreation {
  readonly link: ValidatedLink
  /** Of the idempotency key; `null`: the call has none. */
  readonly reservation: Reservation | null
  /** Set when the gateway selected the provider. */
  readonly selection?: ProviderSelection | undefined
}

/**
 * Calls the provider and records the link, unless the end user has too many open links. Once started it is finished even
 * if the caller disconnects.
 */
export function execute(context: ConnectContext, creation: LinkCreation): Promise<CreatedLink> {
  const linkId = creation.reservation?.linkId ?? randomUUID()
  const { link } = creation
  const { provider, input } = link
  const attributes = linkAttributes({ id: linkId, provider: provider.key, connectorKey: input.connector })
  return context.waitUntil(
    context.tracing.run('create a connect link', { attributes }, () =>
      withReservation(context, { link, linkId }, () => createAndRecord(context, creation, linkId)),
    ),
  )
}

async function createAndRecord(
  context: ConnectContext,
  { link, reservation, selection }: LinkCreation,
  linkId: string,
): Promise<CreatedLink> {
  // Three URLs, three tokens: knowing one does not give access to another.
  const tokens = { linkToken: newToken(), returnToken: newToken(), webhookToken: newToken() }
  const request = requestFor(context, { link, linkId, reservation, tokens })
  const outcome = await send(link, request)
  const record = linkRecord(context, link, { request, outcome, tokens })
  const warnings = linkWarnings(link, { outcome, record })
  async function save(db: Database) {
    const connectLink = await insertWithConnection(db, link, { record, outcome })
    if (reservation !== null) await storeResponse(db, reservation, { warnings, selection })
    return { connectLink, superseded: await supersedeOlder(db, connectLink) }
  }
  // The insertion of a link alone is one statement, and so a transaction of its own.
  const isOneStatement =
    reservation === null && connectionOf(outcome) === null && record.purpose !== 'RECONNECT'
  const { connectLink, superseded } = isOneStatement
    ? await save(context.db)
    : await context.db.transaction().execute(save)
  revokeAtProviderInBackground(context, superseded)
  return { connectLink, replayed: false, warnings, selection }
}

function requestFor(
  { db, now, publicUrl }: ConnectContext,
  {
    link,
    linkId,
    reservation,
    tokens,
  }: LinkCreation & { readonly linkId: string; readonly tokens: LinkTokens },
): LinkRequest<unknown> {
  const { provider, input, connectorName, connectionHint, direction } = link
  const returnUrl = tokenUrl(publicUrl, 'return', tokens.returnToken)
  // Most real providers accept https only; the sandbox runs on this machine.
  const isReachable =
    provider.sandbox ||
    publicUrl.protocol === 'https:' ||
    (provider.capabilities.httpWebhooks === true && !isLoopbackHost(publicUrl.hostname))
  const webhookUrl = gatewayUrl(publicUrl, `webhooks/${provider.key.toLowerCase()}/${tokens.webhookToken}`)
  return {
    linkId,
    connectorKey: input.connector,
    connectorName,
    connectionHint,
    direction,
    endUser: input.endUser,
    organizationId: input.endUser.organization?.id ?? null,
    redirectUri: `${returnUrl}/success`,
    errorRedirectUri: `${returnUrl}/error`,
    webhookUri: isReachable ? webhookUrl : null,
    expiresInSeconds: input.expiresInSeconds,
    options: input.options,
    attempt: {
      since: reservation?.reservedAt ?? now(),
      isRetry: reservation?.isRetry ?? false,
      isClaimed: async (remoteId) =>
        (await findLinksByRemoteConnection(db, provider.accountKey, remoteId)).length > 0,
    },
  }
}

/** The caller's signal is not passed on: a call that creates something is not cancelled half way. */
function send(
  { provider: { adapter }, connection }: ValidatedLink,
  request: LinkRequest<unknown>,
): Promise<LinkOutcome> {
  const call = operation()
  if (connection === null) return adapter.createLink(request, call)
  if (adapter.createReconnectLink === undefined)
    throw new Error('a reconnect was planned that the provider does not offer')
  return adapter.createReconnectLink(toReference(connection), request, call)
}

/** Inserts the link with its first history entry, and the connection that the provider has created with it. */
async function insertWithConnection(
  transaction: Database,
  { provider, input, connection: renewed, tags }: ValidatedLink,
  { record, outcome }: { readonly record: NewConnectLink; readonly outcome: LinkOutcome },
): Promise<ConnectLinkRow> {
  const created = connectionOf(outcome)
  const isConnected = outcome.kind === 'connected'
  const { status, createdAt: at } = record
  const origin = readOrigin(provider, at)
  const owner = {
    endUser: input.endUser,
    ownedBy: input.ownedBy,
    evidence: 'LINK',
    tags,
    visible: isConnected,
  } as const
  const [saved] = await upsertConnections(transaction, origin, created ? [created] : [], owner)
  const connectLink = {
    ...record,
    connectionId: renewed?.id ?? (isConnected ? (saved?.id ?? null) : null),
  }
  await insertLink(transaction, connectLink, {
    toStatus: status,
    at,
    source: 'API_CALL',
    reason: null,
  })
  return connectLink
}

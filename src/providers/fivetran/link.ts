import { ProviderError } from '../../domain/provider-error.ts'
import { type RequestContext, rollBack } from '../../http/http-types.ts'
import type { Expiry, RemoteLink } from '../adapter.ts'
import { mayHaveActed, rethrowIndeterminate } from '../indeterminate.ts'
import { assertTrustedUrl } from '../trusted-url.ts'
import { createCard, createConnection, deleteConnection, type FivetranDeps } from './api.ts'
import { type ConnectionResponse, toConnection } from './connection.ts'
import { cardConfig, cardExpiry, connectionBody, type FivetranRequest, takesTable } from './new-connection.ts'
import { recoverConnection } from './recover-connection.ts'

/** Creates a pending connection and the Connect Card in which the end user authorizes it. */
export async function createLink(
  deps: FivetranDeps,
  request: FivetranRequest,
  call: RequestContext,
): Promise<RemoteLink> {
  const connection = await createOrRecover(deps, request, call)
  const card = await readOrCreateCard(deps, { connection, request }, call)
  const { options, connectorKey } = request
  const pendingConnection = toConnection(connection)
  const isTableIgnored = options.table != null && !takesTable(connectorKey)
  return {
    ...toRemoteLink(card),
    remoteGroup: options.groupId ?? pendingConnection.remoteGroup,
    pendingConnection,
    providerState: { startSync: options.startSync ?? true },
    ignoredOptions: isTableIgnored
      ? [{ path: ['fivetran', 'table'], message: `"${connectorKey}" takes no table name.` }]
      : [],
  }
}

/**
 * Creates the connection without duplicates: first looks for one created by an earlier attempt, then, if the
 * creation fails with an unknown outcome, for one created by this attempt.
 */
async function createOrRecover(
  deps: FivetranDeps,
  request: FivetranRequest,
  call: RequestContext,
): Promise<ConnectionResponse> {
  const { isRetry } = request.attempt
  const recovered = isRetry
    ? await recoverConnection(deps, request, call).catch(rethrowIndeterminate)
    : undefined
  if (recovered) return withoutCard(recovered)
  const body = connectionBody(request, deps.group)
  // Caught to look for a connection that the failed call may have created; rethrown otherwise.
  try {
    return await createConnection(deps.http, request.connectorKey, body, call)
  } catch (error) {
    // In a retry, the earlier attempt's call may have arrived after the lookup: this call is then rejected.
    if (!mayHaveActed(error) && !isRetry) throw error
    const found = await recoverConnection(deps, request, call).catch(
      isRetry ? rethrowIndeterminate : () => undefined,
    )
    if (found === undefined) throw error
    return withoutCard(found)
  }
}

/** Ignores the existing card: it may be expired and have another return URL. */
const withoutCard = (connection: ConnectionResponse): ConnectionResponse => ({
  ...connection,
  connect_card: null,
})

/** The URL of a Connect Card, opened by the end user. */
export interface Card {
  readonly url: string
  readonly expiry: Expiry
}

/** The fields of `RemoteLink` that follow from the card. */
export const toRemoteLink = ({ url, expiry }: Card) =>
  ({
    kind: 'open',
    url,
    expiry,
    requiresProviderLogin: false,
    instructions: null,
    remoteLinkId: null,
  }) as const

/** Creates a Connect Card for an existing connection. */
export async function createConnectCard(
  deps: FivetranDeps,
  { id, request }: { readonly id: string; readonly request: FivetranRequest },
  call: RequestContext,
): Promise<Card> {
  return readCard(deps, await createCard(deps.http, id, cardConfig(request), call))
}

function readCard(
  { now, linkOrigins }: FivetranDeps,
  { token, uri }: NonNullable<ConnectionResponse['connect_card']>,
): Card {
  const hosts = {
    provider: 'FIVETRAN',
    name: 'Fivetran',
    hosts: ['fivetran.com'],
    origins: linkOrigins,
  } as const
  return { url: assertTrustedUrl(uri, hosts), expiry: cardExpiry(token, now()) }
}

/**
 * Reads the card of the response, or creates one if it has none. On failure, deletes the connection: without
 * a card, the end user cannot authorize it.
 */
async function readOrCreateCard(
  deps: FivetranDeps,
  { connection, request }: { readonly connection: ConnectionResponse; readonly request: FivetranRequest },
  call: RequestContext,
): Promise<Card> {
  const { id, connect_card: card } = connection
  // Caught to roll back the creation of the connection; rethrown in every case.
  try {
    return card ? readCard(deps, card) : await createConnectCard(deps, { id, request }, call)
  } catch (error) {
    const isOrphaned = await deleteConnection(deps.http, id, rollBack(call)).then(
      () => false,
      () => true,
    )
    if (!isOrphaned) throw error
    throw new ProviderError(
      'FIVETRAN',
      // Not a retryable code: a retry would create another connection.
      'PROVIDER_INVALID_RESPONSE',
      `Fivetran created connection "${id}" without a Connect Card and it could not be deleted: delete it at Fivetran.`,
      { cause: error, mayHaveActed: true },
    )
  }
}

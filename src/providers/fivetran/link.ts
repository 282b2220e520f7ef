import { ProviderError } from '../../domain/errors.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { Expiry, RemoteLink } from '../adapter.ts'
import { mayHaveActed, rethrowIndeterminate } from '../indeterminate.ts'
import { assertTrustedUrl } from '../trusted-url.ts'
import { createCard, createConnection, type FivetranDeps, removeConnection } from './api.ts'
import { type ConnectionAnswer, toConnection } from './connection.ts'
import { cardConfig, cardExpiry, type FivetranRequest, newConnection, takesTable } from './new-connection.ts'
import { recoverConnection } from './recover-connection.ts'

/** Makes a connection that waits for its end user, and the card through which they authorise it. */
export async function createLink(
  deps: FivetranDeps,
  request: FivetranRequest,
  call: RequestContext,
): Promise<RemoteLink> {
  const connection = await createOrRecover(deps, request, call)
  const card = await cardOrCleanUp(deps, { connection, request }, call)
  const { options, connectorKey } = request
  const pendingConnection = toConnection(connection)
  const tableIsIgnored = options.table != null && !takesTable(connectorKey)
  return {
    ...openedCard(card),
    remoteGroup: options.groupId ?? pendingConnection.remoteGroup,
    pendingConnection,
    providerState: { startSync: options.startSync ?? true },
    ignoredOptions: tableIsIgnored
      ? [{ path: ['fivetran', 'table'], message: `"${connectorKey}" takes no table name.` }]
      : [],
  }
}

/** Never a second one: an earlier attempt may have made it, or this one although its answer was lost. */
async function createOrRecover(
  deps: FivetranDeps,
  request: FivetranRequest,
  call: RequestContext,
): Promise<ConnectionAnswer> {
  const { isRetry } = request.attempt
  const left = isRetry ? await recoverConnection(deps, request, call).catch(rethrowIndeterminate) : undefined
  if (left) return withoutCard(left)
  const body = newConnection(request, deps.group)
  // Caught to look for what the call may have made, then thrown on.
  try {
    return await createConnection(deps.http, request.connectorKey, body, call)
  } catch (error) {
    // An earlier attempt's call may have arrived after we looked; this one is refused then.
    if (!mayHaveActed(error) && !isRetry) throw error
    const found = await recoverConnection(deps, request, call).catch(
      isRetry ? rethrowIndeterminate : () => undefined,
    )
    if (found === undefined) throw error
    return withoutCard(found)
  }
}

/** Its card may be from another day and lead back to another address. */
const withoutCard = (connection: ConnectionAnswer): ConnectionAnswer => ({
  ...connection,
  connect_card: null,
})

/** What the end user opens. */
export interface Card {
  readonly url: string
  readonly expiry: Expiry
}

/** A link that is a card and nothing else yet. */
export const openedCard = ({ url, expiry }: Card) =>
  ({
    kind: 'open',
    url,
    expiry,
    requiresProviderLogin: false,
    instructions: null,
    remoteLinkId: null,
  }) as const

/** Asks for a card of a connection that exists. */
export async function newCard(
  deps: FivetranDeps,
  { id, request }: { readonly id: string; readonly request: FivetranRequest },
  call: RequestContext,
): Promise<Card> {
  return readCard(deps, await createCard(deps.http, id, cardConfig(request), call))
}

function readCard(
  { now, linkOrigins }: FivetranDeps,
  { token, uri }: NonNullable<ConnectionAnswer['connect_card']>,
): Card {
  const hosts = {
    provider: 'FIVETRAN',
    name: 'Fivetran',
    hosts: ['fivetran.com'],
    origins: linkOrigins,
  } as const
  return { url: assertTrustedUrl(uri, hosts), expiry: cardExpiry(token, now()) }
}

/** Takes the card from the answer, else asks for one; a connection that nobody could ever authorise is not left behind. */
async function cardOrCleanUp(
  deps: FivetranDeps,
  { connection, request }: { readonly connection: ConnectionAnswer; readonly request: FivetranRequest },
  call: RequestContext,
): Promise<Card> {
  const { id, connect_card: card } = connection
  // Caught to undo the first of two steps, then thrown on.
  try {
    return card ? readCard(deps, card) : await newCard(deps, { id, request }, call)
  } catch (error) {
    const left = await removeConnection(deps.http, id, call).then(
      () => false,
      () => true,
    )
    if (!left) throw error
    throw new ProviderError(
      'FIVETRAN',
      // Not a code to try again after: that would make one more.
      'PROVIDER_INVALID_RESPONSE',
      `Fivetran made connection "${id}" without a Connect Card and it could not be deleted again: delete it at Fivetran.`,
      { cause: error, mayHaveActed: true },
    )
  }
}

import { ProviderError } from '../../domain/errors.ts'
import type { Call } from '../../http/http-types.ts'
import type { Expiry, OpenedLink } from '../adapter.ts'
import { mayHaveActed, stillUnknown } from '../indeterminate.ts'
import { believedLink } from '../trusted-url.ts'
import { makeConnection, mintCard, removeConnection, type Tools } from './api.ts'
import { type ConnectionAnswer, toConnection } from './connection.ts'
import { cardConfig, cardExpiry, type FivetranRequest, newConnection, takesTable } from './new-connection.ts'
import { findLeftBehind } from './recover-connection.ts'

/** Makes a connection that waits for its end user, and the card through which they authorise it. */
export async function createLink(tools: Tools, request: FivetranRequest, call: Call): Promise<OpenedLink> {
  const connection = await makeOrAdopt(tools, request, call)
  const card = await cardOrCleanUp(tools, { connection, request }, call)
  const { options, connectorKey } = request
  const halfMade = toConnection(connection)
  const tableIsIgnored = options.table != null && !takesTable(connectorKey)
  return {
    ...openedCard(card),
    remoteGroup: options.groupId ?? halfMade.remoteGroup,
    halfMade,
    memo: { startSync: options.startSync ?? true },
    ignored: tableIsIgnored
      ? [{ path: ['fivetran', 'table'], message: `"${connectorKey}" takes no table name.` }]
      : [],
  }
}

/** Never a second one: an earlier attempt may have made it, or this one although its answer was lost. */
async function makeOrAdopt(tools: Tools, request: FivetranRequest, call: Call): Promise<ConnectionAnswer> {
  const { isRetry } = request.attempt
  const left = isRetry ? await findLeftBehind(tools, request, call).catch(stillUnknown) : undefined
  if (left) return withoutCard(left)
  const body = newConnection(request, tools.group)
  // Caught to look for what the call may have made, then thrown on.
  try {
    return await makeConnection(tools.http, request.connectorKey, body, call)
  } catch (error) {
    // An earlier attempt's call may have arrived after we looked; this one is refused then.
    if (!mayHaveActed(error) && !isRetry) throw error
    const found = await findLeftBehind(tools, request, call).catch(isRetry ? stillUnknown : () => undefined)
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
  tools: Tools,
  { id, request }: { readonly id: string; readonly request: FivetranRequest },
  call: Call,
): Promise<Card> {
  return readCard(tools, await mintCard(tools.http, id, cardConfig(request), call))
}

function readCard(
  { now, linkOrigins }: Tools,
  { token, uri }: NonNullable<ConnectionAnswer['connect_card']>,
): Card {
  const hosts = {
    provider: 'FIVETRAN',
    name: 'Fivetran',
    hosts: ['fivetran.com'],
    origins: linkOrigins,
  } as const
  return { url: believedLink(uri, hosts), expiry: cardExpiry(token, now()) }
}

/** Takes the card from the answer, else asks for one; a connection that nobody could ever authorise is not left behind. */
async function cardOrCleanUp(
  tools: Tools,
  { connection, request }: { readonly connection: ConnectionAnswer; readonly request: FivetranRequest },
  call: Call,
): Promise<Card> {
  const { id, connect_card: card } = connection
  // Caught to undo the first of two steps, then thrown on.
  try {
    return card ? readCard(tools, card) : await newCard(tools, { id, request }, call)
  } catch (error) {
    const left = await removeConnection(tools.http, id, call).then(
      () => false,
      () => true,
    )
    if (!left) throw error
    throw new ProviderError(
      'FIVETRAN',
      // Not a code to try again after: that would make one more.
      'PROVIDER_CONTRACT',
      `Fivetran made connection "${id}" without a Connect Card and it could not be deleted again: delete it at Fivetran.`,
      { cause: error, mayHaveActed: true },
    )
  }
}

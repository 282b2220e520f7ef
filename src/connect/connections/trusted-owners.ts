import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { remoteKey } from '../../store/connections.ts'
import { findLinksInUse, type LinkInUse, type NamedConnection } from '../../store/links-in-use.ts'
import { isSameConnector } from '../catalogue/same-connector.ts'
import type { ConnectContext } from '../context.ts'

export type OwnerContext = Pick<ConnectContext, 'db' | 'catalogue' | 'clocks' | 'now'>

/**
 * The connections of a list, without the end user that the provider names where links of that end user could be used at
 * that time, but none for the connector: the end user may have edited the address of the provider's page to connect
 * what the application did not offer.
 */
export async function withTrustedOwners(
  context: OwnerContext,
  provider: ConfiguredProvider,
  connections: readonly RemoteConnection[],
): Promise<readonly RemoteConnection[]> {
  const named = connections.filter(({ endUserId }) => endUserId !== null)
  const links = await findLinksInUse(
    context.db,
    provider.accountKey,
    named.map((connection) => withTime(context, provider, connection)),
  )
  if (links.length === 0) return connections
  return connections.map((connection) => {
    const own = links.filter(({ key }) => key === remoteKey(connection))
    const isTrusted = own.length === 0 || own.some((link) => canMake(context, provider, { link, connection }))
    return isTrusted ? connection : { ...connection, endUserId: null }
  })
}

function withTime(
  { clocks, now }: OwnerContext,
  { accountKey }: ConfiguredProvider,
  connection: RemoteConnection,
): NamedConnection {
  const { createdAt } = connection
  if (createdAt === null) return { connection, earliest: new Date(0), latest: now() }
  return {
    connection,
    ...(clocks.toGatewayTime(accountKey, createdAt) ?? { earliest: createdAt, latest: createdAt }),
  }
}

const canMake = (
  { catalogue }: OwnerContext,
  { key: provider, accountKey }: ConfiguredProvider,
  { link, connection }: { readonly link: LinkInUse; readonly connection: RemoteConnection },
): boolean =>
  link.purpose === 'CONNECT' &&
  link.direction === connection.direction &&
  isSameConnector(catalogue, { provider, accountKey }, [link.connectorKey, connection.connectorKey])

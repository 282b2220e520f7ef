import { expect } from 'vitest'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  type ProviderKey,
  ReconnectConnectionDocument,
  type ReconnectConnectionInput,
} from '../generated/graphql.ts'
import { followReturnUrl, submitProviderPage, type TestGateway } from '../helpers/gateway.ts'
import { capabilitiesOf, providerVariants } from '../helpers/providers.ts'
import { createConnection, waitForStatus } from './open.ts'

/** Providers that support reconnecting, each with the environment to run it under. */
export const reconnectable = providerVariants.filter(([key, env]) => capabilitiesOf(key, env).reconnect)

/** Calls `reconnectConnection` and returns its result, success or error. */
export const reconnect = async (
  { send }: TestGateway,
  connectionId: string,
  input: ReconnectConnectionInput = {},
) => (await send(ReconnectConnectionDocument, { id: connectionId, input })).reconnectConnection

/** Creates a link that reconnects the connection. Throws if the result is an error. */
export async function createReconnectLink(
  gateway: TestGateway,
  connectionId: string,
  input: ReconnectConnectionInput = {},
) {
  const result = await reconnect(gateway, connectionId, input)
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

/** Creates a connection and lets it age by 60 s, so that its creation is not mistaken for a reconnect. */
export async function healthyConnection(gateway: TestGateway, provider: ProviderKey): Promise<string> {
  const id = await createConnection(gateway, provider)
  gateway.clock.advance(60)
  return id
}

/** Creates a connection, breaks it at the provider, and syncs, so that the gateway has it as NEEDS_ATTENTION. */
export async function brokenConnection(gateway: TestGateway, provider: ProviderKey): Promise<string> {
  const id = await healthyConnection(gateway, provider)
  const { connections } = await gateway.send(ConnectionsDocument, {})
  const remoteId = connections.nodes.find((node) => node.id === id)?.remoteId
  expect((await gateway.control('POST', 'break', { vendor: provider, id: remoteId })).status).toBe(204)
  gateway.clock.advance(600)
  await gateway.send(ConnectionsDocument, {})
  return id
}

/** The end user approves. A provider that leads back has completed the link then; of others a webhook arrives later. */
export async function approveRenewal(
  gateway: TestGateway,
  { id, url }: { readonly id: string; readonly url?: string | null },
) {
  const { location } = await submitProviderPage(url ?? '', 'approve')
  if (location === null) return waitForStatus(gateway, id, /COMPLETED/)
  await followReturnUrl(location)
  return (await gateway.send(ConnectLinkDocument, { id })).connectLink
}

import { expect } from 'vitest'
import {
  ConnectionsDocument,
  type ProviderKey,
  ReconnectConnectionDocument,
  type ReconnectConnectionInput,
} from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { connected } from './open.ts'

/** Whose connections can be renewed, with the environment that says so. */
export const renewable = [
  ['FIVETRAN', {}],
  ['CENSUS', {}],
  ['CENSUS', { CENSUS_API_VERSION: '1' }],
  ['PIPEDREAM', {}],
] as const

/** Asks for a link that renews, whatever the answer. */
export const reconnect = async (
  { send }: TestGateway,
  connectionId: string,
  input: ReconnectConnectionInput = {},
) => (await send(ReconnectConnectionDocument, { id: connectionId, input })).reconnectConnection

/** Insists on getting one. */
export async function renewal(
  gateway: TestGateway,
  connectionId: string,
  input: ReconnectConnectionInput = {},
) {
  const result = await reconnect(gateway, connectionId, input)
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

/** A minute old, so that its own beginning is no news. */
export async function healthyConnection(gateway: TestGateway, provider: ProviderKey): Promise<string> {
  const id = await connected(gateway, provider)
  gateway.clock.advance(60)
  return id
}

/** One that its provider no longer lets in, and the gateway knows it. */
export async function brokenConnection(gateway: TestGateway, provider: ProviderKey): Promise<string> {
  const id = await healthyConnection(gateway, provider)
  const { connections } = await gateway.send(ConnectionsDocument, {})
  const remoteId = connections.nodes.find((node) => node.id === id)?.remoteId
  expect((await gateway.control('POST', 'break', { vendor: provider, id: remoteId })).status).toBe(204)
  gateway.clock.advance(600)
  await gateway.send(ConnectionsDocument, {})
  return id
}

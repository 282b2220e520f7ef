import { expect } from 'vitest'
import { backgroundWork } from '../../src/http/http-types.ts'
import {
  type CreateConnectLinkInput,
  CreateConnectLinkWithSelectionDocument,
  PlanConnectLinkDocument,
  type ProviderKey,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../helpers/gateway.ts'
import { awaitSyncsAndClearRequests } from './open.ts'

const slug = 'hubspot'

/** Starts a gateway and waits until its catalogues are synced. */
export async function startGatewayWithCatalogue(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await startTestGateway(options)
  await awaitSyncsAndClearRequests(gateway)
  return gateway
}

/** Calls `createConnectLink` for an application. The gateway selects the provider unless one is given. */
export async function createLinkWithSelection(
  { send }: TestGateway,
  overrides: Partial<CreateConnectLinkInput> = {},
  provider?: ProviderKey,
) {
  const input = { connector: slug, endUser: { id: 'user-1' }, ...overrides }
  return (await send(CreateConnectLinkWithSelectionDocument, { provider: provider ?? null, input }))
    .createConnectLink
}

/** Calls `planConnectLink` for an application. The gateway selects the provider unless one is given. */
export async function planLink(
  { send }: TestGateway,
  overrides: Partial<CreateConnectLinkInput> = {},
  provider?: ProviderKey,
) {
  const input = { connector: slug, endUser: { id: 'user-1' }, ...overrides }
  return (await send(PlanConnectLinkDocument, { provider: provider ?? null, input })).planConnectLink
}

/** Returns the selection of `planLink`. Throws if the result is an error. */
export async function planSelection(gateway: TestGateway, overrides: Partial<CreateConnectLinkInput> = {}) {
  const result = await planLink(gateway, overrides)
  if (result.__typename !== 'PlanConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.selection
}

/** Injects a fault at a provider. */
export const injectFault = async ({ control }: TestGateway, provider: ProviderKey, fault: object) =>
  expect((await control('POST', 'faults', { provider, ...fault })).status).toBe(201)

/** Counts the connections that all providers list, without those that are not authorized yet. */
export async function countRemoteConnections({ connect }: TestGateway): Promise<number> {
  let count = 0
  const { signal } = new AbortController()
  for (const { adapter } of connect.providers.configured)
    for await (const { items } of adapter.listConnections([], backgroundWork(signal)))
      count += items.filter(({ authorization }) => authorization === undefined).length
  return count
}

/** Counts the links in the gateway's database. */
export const countStoredLinks = async ({ connect: { db } }: TestGateway) =>
  (await db.selectFrom('connectLinks').select('id').execute()).length

/** Rejects one POST with HTTP 429: the provider has created nothing. */
export const rateLimitedOnce = { method: 'POST', times: 1, status: 429, body: {} }

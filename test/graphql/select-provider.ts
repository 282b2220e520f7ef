import { expect } from 'vitest'
import {
  type CreateConnectLinkInput,
  CreateConnectLinkWithSelectionDocument,
  PlanConnectLinkDocument,
  type ProviderKey,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { forgetRequests } from './open.ts'

const slug = 'hubspot'

/** A gateway whose catalogue has been read. */
export async function openChoosing(): Promise<TestGateway> {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  return gateway
}

/** Asks for a link to an application, of whichever provider unless one is named. */
export async function choose(
  { send }: TestGateway,
  more: Partial<CreateConnectLinkInput> = {},
  provider?: ProviderKey,
) {
  const input = { connector: slug, endUser: { id: 'user-1' }, ...more }
  return (await send(CreateConnectLinkWithSelectionDocument, { provider: provider ?? null, input }))
    .createConnectLink
}

/** Asks where the link would be created. */
export async function plan(
  { send }: TestGateway,
  more: Partial<CreateConnectLinkInput> = {},
  provider?: ProviderKey,
) {
  const input = { connector: slug, endUser: { id: 'user-1' }, ...more }
  return (await send(PlanConnectLinkDocument, { provider: provider ?? null, input })).planConnectLink
}

/** The selection of a plan. */
export async function planned(gateway: TestGateway, more: Partial<CreateConnectLinkInput> = {}) {
  const result = await plan(gateway, more)
  if (result.__typename !== 'PlanConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.selection
}

/** Sets a fault at a provider. */
export const fail = async ({ control }: TestGateway, provider: ProviderKey, fault: object) =>
  expect((await control('POST', 'faults', { provider, ...fault })).status).toBe(201)

/** What the providers have, by their own lists. */
export async function countAtProviders({ connect }: TestGateway): Promise<number> {
  let count = 0
  const { signal } = new AbortController()
  for (const { adapter } of connect.providers.configured)
    for await (const page of adapter.listConnections([], { signal })) count += page.length
  return count
}

/** What the gateway has recorded. */
export const countLinks = async ({ connect: { db } }: TestGateway) =>
  (await db.selectFrom('connectLinks').select('id').execute()).length

/** A provider that says that it has not acted. */
export const refusedOnce = { method: 'POST', times: 1, status: 429, body: {} }

import { expect, vi } from 'vitest'
import { z } from 'zod'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectLinkDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  type CreateConnectLinkMutation,
  type ProviderKey,
} from '../generated/graphql.ts'
import { approveAndReturn, type TestGateway } from '../helpers/gateway.ts'

/** Returns the key of the xpander connector with this name. */
export const xpanderKey = (name: string): string =>
  xpanderConnectors.find((connector) => connector.name === name)?.id ?? `no ${name}`

export const providers = providerKeys

type Result = CreateConnectLinkMutation['createConnectLink']
export type Payload = Extract<Result, { __typename: 'CreateConnectLinkPayload' }>

/** Calls `createConnectLink`. Input defaults are valid. */
export async function createLink(
  { send }: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput> = {},
): Promise<Result> {
  const defaults = { connector: providerFixtures[provider].connectorKey, endUser: { id: 'user-1' } }
  const { createConnectLink } = await send(CreateConnectLinkDocument, {
    provider,
    input: { ...defaults, ...input },
  })
  return createConnectLink
}

/** Creates a link. Throws if the result is an error. */
export async function createLinkOrThrow(
  gateway: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput> = {},
): Promise<Payload['connectLink']> {
  const result = await createLink(gateway, provider, input)
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

/** Returns the distinct paths of the input's issues, sorted; the typename if the result is not InvalidInputError. */
export async function issuePaths(
  gateway: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput>,
): Promise<readonly string[] | string> {
  const result = await createLink(gateway, provider, input)
  if (result.__typename !== 'InvalidInputError') return result.__typename
  return [...new Set(result.issues.map(({ path }) => path.join('.')))].sort()
}

/** Creates a link, completes it, and returns the global ID of its connection. */
export async function createConnection(
  gateway: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput> = {},
): Promise<string> {
  const { id, url, connection } = await createLinkOrThrow(gateway, provider, input)
  if (connection) return connection.id
  await approveAndReturn(url ?? '')
  const created = (await waitForStatus(gateway, id, /COMPLETED/)).connection
  if (!created) throw new Error('the link has no connection')
  return created.id
}

/** Polls for up to 10 s until the link's status matches: a webhook event may still be in progress at the first read. */
export function waitForStatus({ clock, poll, send }: TestGateway, id: string, status: RegExp) {
  return vi.waitFor(
    async () => {
      clock.advance(3) // a link is checked at its provider at most once in 2 s
      await poll()
      const { connectLink } = await send(ConnectLinkDocument, { id })
      expect(connectLink?.status).toMatch(status)
      if (!connectLink) throw new Error('link not found')
      return connectLink
    },
    { timeout: 10_000 },
  )
}

const responseShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
})

/** Sends any document and returns the HTTP status, the body, its data and the codes of its errors. */
export async function postQuery({ post }: TestGateway, query: string, variables: object = {}) {
  const response = await post(query, variables)
  const text = await response.text()
  const { data, errors = [] } = responseShape.parse(JSON.parse(text))
  return { status: response.status, text, data, codes: errors.map(({ extensions }) => extensions.code) }
}

const requestLogShape = z.array(
  z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }),
)

/** Returns the requests that the providers received since `forgetRequests`. */
export async function providerRequests({ control }: TestGateway) {
  return requestLogShape.parse(await (await control('GET', 'requests')).json())
}

/** Waits until the catalogue syncs that run at startup have ended, then clears the request log. */
export async function awaitSyncsAndClearRequests(gateway: TestGateway): Promise<void> {
  await gateway.send(ConnectorsDocument, { first: 1 })
  await gateway.connect.connectorSyncs.idle()
  await gateway.control('DELETE', 'requests')
}

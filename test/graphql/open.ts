import { expect, vi } from 'vitest'
import { z } from 'zod'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import {
  ConnectLinkDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  type CreateConnectLinkMutation,
  type ProviderKey,
} from '../generated/graphql.ts'
import { decide, type TestGateway } from '../helpers/gateway.ts'

/** An xpander connector's key, by its name. */
export const xpanderKey = (name: string): string =>
  xpanderConnectors.find((connector) => connector.name === name)?.id ?? `no ${name}`

/** A connector of each provider that an end user can open a page for. */
export const connectorOf: Readonly<Record<ProviderKey, string>> = {
  FIVETRAN: 'hubspot',
  CENSUS: 'hubspot',
  PIPEDREAM: 'github',
  XPANDER: xpanderKey('Google Calendar'),
}

export const providers = ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'] as const satisfies ProviderKey[]

type Result = CreateConnectLinkMutation['createConnectLink']
export type Payload = Extract<Result, { __typename: 'CreateConnectLinkPayload' }>

/** Asks for a link; what the test does not say is valid. */
export async function createLink(
  { send }: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput> = {},
): Promise<Result> {
  const standard = { connector: connectorOf[provider], endUser: { id: 'user-1' } }
  const { createConnectLink } = await send(CreateConnectLinkDocument, {
    provider,
    input: { ...standard, ...input },
  })
  return createConnectLink
}

/** Asks for a link and insists on getting one. */
export async function madeLink(
  gateway: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput> = {},
): Promise<Payload['connectLink']> {
  const result = await createLink(gateway, provider, input)
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

/** Where an input is refused, each place once; the result's type when it is not refused. */
export async function issuesOf(
  gateway: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput>,
): Promise<readonly string[] | string> {
  const result = await createLink(gateway, provider, input)
  if (result.__typename !== 'InvalidInputError') return result.__typename
  return [...new Set(result.issues.map(({ path }) => path.join('.')))].sort()
}

/** A link that was opened and finished; answers the id of its connection. */
export async function connected(
  gateway: TestGateway,
  provider: ProviderKey,
  input: Partial<CreateConnectLinkInput> = {},
): Promise<string> {
  const { id, url, connection } = await madeLink(gateway, provider, input)
  if (connection) return connection.id
  await decide(url ?? '', 'approve')
  const made = (await settled(gateway, id, /COMPLETED/)).connection
  if (!made) throw new Error('the link has no connection')
  return made.id
}

/** The link once it has come so far. A report of its provider may be under way while it is read, so it is looked at again. */
export function settled({ clock, poll, send }: TestGateway, id: string, status: RegExp) {
  return vi.waitFor(
    async () => {
      clock.advance(3) // a link is asked about once in two seconds
      await poll()
      const { connectLink } = await send(ConnectLinkDocument, { id })
      expect(connectLink?.status).toMatch(status)
      if (!connectLink) throw new Error('there is no such link')
      return connectLink
    },
    { timeout: 10_000 },
  )
}

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
})

/** Any document's answer, and the codes of its errors. */
export async function answerTo({ post }: TestGateway, query: string, variables: object = {}) {
  const response = await post(query, variables)
  const text = await response.text()
  const { data, errors = [] } = answerShape.parse(JSON.parse(text))
  return { status: response.status, text, data, codes: errors.map(({ extensions }) => extensions.code) }
}

const seenShape = z.array(z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }))

/** What was asked of the providers since `forgetRequests`. */
export async function requestsTo({ control }: TestGateway) {
  return seenShape.parse(await (await control('GET', 'requests')).json())
}

/** Lets the reads of the start come to their end, and forgets them. */
export async function forgetRequests(gateway: TestGateway): Promise<void> {
  await gateway.send(ConnectorsDocument, { first: 1 })
  await gateway.connect.connectorSyncs.idle()
  await gateway.control('DELETE', 'requests')
}

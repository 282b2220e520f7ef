import { expect } from 'vitest'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { answerTo, connectorOf } from './open.ts'

/** Asks for many links, and for what became of each. */
export const document = `mutation ($inputs: [CreateConnectLinksInput!]!) {
  createConnectLinks(inputs: $inputs) {
    __typename
    ... on CreateConnectLinkPayload {
      replayed warnings { path } connectLink { id connectorKey provider { key } endUser { id } }
      selection { chosen }
    }
    ... on Error { code }
    ... on InvalidInputError { issues { path } }
    ... on ProviderError { provider }
    ... on UnsupportedError { provider }
  }
}`

/** One entry, with or without a provider; what the test does not say is valid. */
export const entry = (provider: ProviderKey | null, input: Partial<CreateConnectLinkInput> = {}) => ({
  provider,
  input: {
    connector: provider === null ? 'hubspot' : connectorOf[provider],
    endUser: { id: 'user-1' },
    ...input,
  },
})

/** What became of each. */
export async function create(
  gateway: TestGateway,
  inputs: readonly ReturnType<typeof entry>[],
): Promise<unknown> {
  const { data, codes } = await answerTo(gateway, document, { inputs })
  expect(codes).toEqual([])
  return data?.createConnectLinks
}

/** What a link that was made answers. */
export const made = (provider: ProviderKey, userId = 'user-1', replayed = false) => ({
  __typename: 'CreateConnectLinkPayload',
  replayed,
  connectLink: { connectorKey: connectorOf[provider], provider: { key: provider }, endUser: { id: userId } },
})

/** The links that are recorded. */
export const linksIn = ({ connect }: TestGateway) =>
  connect.db.selectFrom('connectLinks').select(['id', 'provider']).execute()

/** A place in one entry's input, from the argument on. */
export const at = (index: number, ...rest: readonly string[]) => ['inputs', String(index), 'input', ...rest]

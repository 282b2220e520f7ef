import { expect } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import type { CreateConnectLinkInput, ProviderKey } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { postQuery } from './open.ts'

/** `createConnectLinks` with the fields of each result that the tests assert. */
export const createLinksMutation = `mutation ($inputs: [CreateConnectLinksInput!]!) {
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

/** One entry of `inputs`, with or without a provider. Defaults are valid. */
export const linkInput = (provider: ProviderKey | null, input: Partial<CreateConnectLinkInput> = {}) => ({
  provider,
  input: {
    connector: provider === null ? 'hubspot' : providerFixtures[provider].connectorKey,
    endUser: { id: 'user-1' },
    ...input,
  },
})

/** Returns the result of each entry. GraphQL errors fail the test. */
export async function createLinks(
  gateway: TestGateway,
  inputs: readonly ReturnType<typeof linkInput>[],
): Promise<unknown> {
  const { data, codes } = await postQuery(gateway, createLinksMutation, { inputs })
  expect(codes).toEqual([])
  return data?.createConnectLinks
}

/** The expected result for a created link. */
export const createdLink = (provider: ProviderKey, userId = 'user-1', replayed = false) => ({
  __typename: 'CreateConnectLinkPayload',
  replayed,
  connectLink: {
    connectorKey: providerFixtures[provider].connectorKey,
    provider: { key: provider },
    endUser: { id: userId },
  },
})

/** All stored links. */
export const storedLinks = ({ connect }: TestGateway) =>
  connect.db.selectFrom('connectLinks').select(['id', 'provider']).execute()

/** The path of an issue or a warning in the input of entry `index`. */
export const inputPath = (index: number, ...rest: readonly string[]) => [
  'inputs',
  String(index),
  'input',
  ...rest,
]

import { expect } from 'vitest'
import type { TestGateway } from '../helpers/gateway.ts'
import { postQuery } from './open.ts'

/** Credentials that the sandbox accepts as those of another account, without the provider's prefix. */
export const credentials = {
  FIVETRAN: (name: string) => ({
    API_KEY: `sandbox-key_${name}`,
    API_SECRET: `sandbox-secret_${name}`,
    GROUP_ID: `sandbox_group_${name}`,
  }),
  CENSUS: (name: string) => ({ API_KEY: `sandbox-pat_${name}`, GROUP_ID: `sandbox_group_${name}` }),
  PIPEDREAM: (name: string) => ({
    CLIENT_ID: `sandbox-client_${name}`,
    CLIENT_SECRET: `sandbox-secret_${name}`,
    PROJECT_ID: `proj_sandbox_${name}`,
  }),
  XPANDER: (name: string) => ({ API_KEY: `sandbox-key_${name}` }),
} as const

export type Settings = Readonly<Record<string, string>>

const toInput = (settings: Settings) => Object.entries(settings).map(([name, value]) => ({ name, value }))

const fields = `{
  __typename
  ... on Error { code message }
  ... on InvalidInputError { issues { path message } }
}`
const account = `providerAccount {
  id organizationId name settingNames status createdAt updatedAt verifiedAt provider { key }
}`

// biome-ignore lint/suspicious/noExplicitAny: the documents select different members of the unions
type Result = any

async function mutate(
  gateway: TestGateway,
  field: string,
  document: string,
  variables: object,
): Promise<Result> {
  const { data, codes } = await postQuery(gateway, document, variables)
  expect(codes).toEqual([])
  return data?.[field]
}

export interface AccountInput {
  readonly provider: keyof typeof credentials
  readonly organizationId?: string
  readonly settings: Settings
}

export const createAccount = (
  gateway: TestGateway,
  { provider, organizationId = 'acme', settings }: AccountInput,
): Promise<Result> =>
  mutate(
    gateway,
    'createProviderAccount',
    `mutation ($input: CreateProviderAccountInput!) {
      createProviderAccount(input: $input) { ...result ... on CreateProviderAccountPayload { ${account} } }
    }
    fragment result on CreateProviderAccountResult ${fields}`,
    {
      input: {
        provider,
        organizationId,
        name: `${organizationId} at ${provider}`,
        settings: toInput(settings),
      },
    },
  )

export const rotateAccount = (gateway: TestGateway, id: string, settings: Settings): Promise<Result> =>
  mutate(
    gateway,
    'rotateProviderAccount',
    `mutation ($id: ID!, $settings: [ProviderSettingInput!]!) {
      rotateProviderAccount(id: $id, settings: $settings) { ...result ... on RotateProviderAccountPayload { ${account} } }
    }
    fragment result on RotateProviderAccountResult ${fields}`,
    { id, settings: toInput(settings) },
  )

export const removeAccount = (gateway: TestGateway, id: string): Promise<Result> =>
  mutate(
    gateway,
    'removeProviderAccount',
    `mutation ($id: ID!) {
      removeProviderAccount(id: $id) { ...result ... on RemoveProviderAccountPayload { ${account} } }
    }
    fragment result on RemoveProviderAccountResult { __typename }`,
    { id },
  )

export async function listAccounts(gateway: TestGateway, filter: object = {}): Promise<Result> {
  const document = `query ($filter: ProviderAccountFilter, $after: String) {
    providerAccounts(filter: $filter, first: 2, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { id organizationId status provider { key } }
    }
  }`
  const first: Result = (await postQuery(gateway, document, { filter })).data?.providerAccounts
  return first
}

/** Creates an account and returns its global ID. */
export async function createAccountOrThrow(gateway: TestGateway, input: AccountInput): Promise<string> {
  const result = await createAccount(gateway, input)
  if (result.__typename !== 'CreateProviderAccountPayload') throw new Error(JSON.stringify(result))
  return result.providerAccount.id
}

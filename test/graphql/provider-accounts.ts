import {
  CreateProviderAccountDocument,
  type ProviderAccountFilter,
  ProviderAccountsDocument,
  RemoveProviderAccountDocument,
  RotateProviderAccountDocument,
} from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'

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
  NANGO: (name: string) => ({ SECRET_KEY: `sandbox-key_${name}` }),
  COMPOSIO: (name: string) => ({ API_KEY: `sandbox-key_${name}` }),
} as const

export type Settings = Readonly<Record<string, string>>

const toInput = (settings: Settings) => Object.entries(settings).map(([name, value]) => ({ name, value }))

export interface AccountInput {
  readonly provider: keyof typeof credentials
  readonly organizationId?: string
  readonly settings: Settings
}

export async function createAccount(
  { send }: TestGateway,
  { provider, organizationId = 'acme', settings }: AccountInput,
) {
  const name = `${organizationId} at ${provider}`
  const input = { provider, organizationId, name, settings: toInput(settings) }
  return (await send(CreateProviderAccountDocument, { input })).createProviderAccount
}

export const rotateAccount = async ({ send }: TestGateway, id: string, settings: Settings) =>
  (await send(RotateProviderAccountDocument, { id, settings: toInput(settings) })).rotateProviderAccount

export const removeAccount = async ({ send }: TestGateway, id: string) =>
  (await send(RemoveProviderAccountDocument, { id })).removeProviderAccount

/** The first two. */
export const listAccounts = async ({ send }: TestGateway, filter: ProviderAccountFilter = {}) =>
  (await send(ProviderAccountsDocument, { filter, first: 2 })).providerAccounts

/** The account of a payload; throws for an error. */
export function accountOf<Account>(result: {
  readonly __typename: string
  readonly providerAccount?: Account
}): Account {
  if (result.providerAccount === undefined) throw new Error(JSON.stringify(result))
  return result.providerAccount
}

/** The issues of an InvalidInputError; throws for anything else. */
export function issuesOf<Issue>(result: {
  readonly __typename: string
  readonly issues?: readonly Issue[]
}): readonly Issue[] {
  if (result.issues === undefined) throw new Error(JSON.stringify(result))
  return result.issues
}

/** Creates an account and returns its global ID. */
export const createAccountOrThrow = async (gateway: TestGateway, input: AccountInput): Promise<string> =>
  accountOf(await createAccount(gateway, input)).id

import { randomBytes } from 'node:crypto'
import type { SandboxContext } from '../../vendor.ts'
import { createAppCatalogue } from './app-catalogue.ts'
import { createGeneratedAccounts } from './generated-accounts.ts'
import type { Account, ConnectToken, Environment, ExternalUser } from './types.ts'
import { isOwnedBy, uniqueUsers } from './users.ts'

/** The slice of the saved state. */
interface PipedreamData {
  /** Expiry date (ISO 8601) by access token. */
  accessTokens: Record<string, string>
  connectTokens: Record<string, ConnectToken>
  accounts: Account[]
  /** End users who have had an account that was removed: Pipedream keeps them without accounts too. */
  users: readonly ExternalUser[]
  /** IDs of generated accounts that were deleted or replaced. */
  removed: string[]
  sequence: number
}

/** The account to connect with a token. */
export interface AccountInput {
  readonly slug: string
  readonly name: string | null
  readonly oauthAppId: string | null
  /** An existing account to reconnect; `null`: a new account. */
  readonly accountId: string | null
}

export type PipedreamState = ReturnType<typeof createPipedreamState>

// Expired connect tokens are kept this long, so that their links report "expired" instead of "unknown".
const tokenRetentionMs = 7 * 24 * 60 * 60 * 1000

/** The apps, tokens and accounts of the fake Pipedream. */
export function createPipedreamState(context: SandboxContext) {
  const apps = createAppCatalogue(context.minConnectors)
  const data = context.slice<PipedreamData>('pipedream', () => ({
    accessTokens: {},
    connectTokens: {},
    accounts: [],
    users: [],
    removed: [],
    sequence: 0,
  }))
  const generatedAccounts = createGeneratedAccounts(context, apps.list)
  return { context, apps, ...tokenState(context, data), ...accountState(context, data, generatedAccounts) }
}

function tokenState(context: SandboxContext, data: () => PipedreamData) {
  function deleteExpiredTokens(before: string): void {
    const { connectTokens } = data()
    for (const [key, { expiresAt }] of Object.entries(connectTokens)) {
      if (expiresAt < before) delete connectTokens[key]
    }
  }

  return {
    createAccessToken(expiresAt: Date): string {
      deleteExpiredTokens(new Date(context.now().getTime() - tokenRetentionMs).toISOString())
      const now = context.now().toISOString()
      const valid = Object.entries(data().accessTokens).filter(([, expiry]) => expiry > now)
      const token = `sandbox${context.suffix}.${randomBytes(48).toString('base64url')}`
      data().accessTokens = Object.fromEntries([...valid, [token, expiresAt.toISOString()]])
      return token
    },
    isAccessTokenValid(token: string, now: Date): boolean {
      const { accessTokens } = data()
      return Object.hasOwn(accessTokens, token) && (accessTokens[token] ?? '') > now.toISOString()
    },
    createConnectToken(token: Omit<ConnectToken, 'token' | 'used'>): ConnectToken {
      const added = { ...token, token: `ctok_${randomBytes(16).toString('hex')}`, used: false }
      data().connectTokens[added.token] = added
      return added
    },
    connectToken(value: string): ConnectToken | undefined {
      return Object.hasOwn(data().connectTokens, value) ? data().connectTokens[value] : undefined
    },
  }
}

function accountState(
  context: SandboxContext,
  data: () => PipedreamData,
  generatedAccounts: (environment: Environment) => readonly Account[],
) {
  /** Sorted by ID, which is by age; generated ones come first. */
  function accounts(environment: Environment): readonly Account[] {
    const removed = new Set(data().removed)
    const generated = generatedAccounts(environment)
    const present = removed.size === 0 ? generated : generated.filter(({ id }) => !removed.has(id))
    return [...present, ...data().accounts.filter((account) => account.environment === environment)]
  }

  function account(environment: Environment, id: string): Account | undefined {
    return accounts(environment).find((one) => one.id === id)
  }

  function remove(accountsToRemove: readonly Account[]): void {
    const ids = new Set(accountsToRemove.map(({ id }) => id))
    const stored = new Set(data().accounts.map(({ id }) => id))
    data().users = uniqueUsers([...data().users, ...accountsToRemove])
    data().accounts = data().accounts.filter(({ id }) => !ids.has(id))
    data().removed.push(...[...ids].filter((id) => !stored.has(id)))
  }

  /** Those with accounts and those whose accounts were removed. */
  const users = (environment: Environment): readonly ExternalUser[] =>
    uniqueUsers([
      ...data().users.filter((user) => user.environment === environment),
      ...accounts(environment),
    ])

  /** Removes the end user with all accounts. */
  function removeUser(user: Pick<ExternalUser, 'environment' | 'externalId'>): void {
    remove(accounts(user.environment).filter((account) => isOwnedBy(user, account)))
    data().users = data().users.filter((known) => !isOwnedBy(user, known))
  }

  /** Marks the token as used and creates the account, or replaces the existing one with a healthy one. */
  function connect(token: ConnectToken, input: AccountInput): Account {
    const now = context.now().toISOString()
    const existing = input.accountId === null ? undefined : account(token.environment, input.accountId)
    if (existing !== undefined) remove([existing])
    data().sequence += 1
    const connected: Account = {
      id: existing?.id ?? newAccountId(data().sequence),
      environment: token.environment,
      externalId: token.externalUserId,
      slug: input.slug,
      oauthAppId: input.oauthAppId,
      name: input.name,
      healthy: true,
      dead: null, // null, not false, in every real capture of a healthy account
      createdAt: existing?.createdAt ?? now,
      updatedAt: now,
    }
    data().accounts = [...data().accounts, connected].sort(byId)
    token.used = true
    return connected
  }

  /** Simulates that the app revoked access. An ID belongs to one environment only. */
  function breakAccount(id: string, { dead }: Pick<Account, 'dead'>): boolean {
    const existing = account('development', id) ?? account('production', id)
    if (existing === undefined) return false
    remove([existing])
    const updatedAt = context.now().toISOString()
    data().accounts = [...data().accounts, { ...existing, healthy: false, dead, updatedAt }].sort(byId)
    return true
  }

  return { accounts, account, remove, users, removeUser, connect, breakAccount }
}

const byId = (a: Account, b: Account) => (a.id < b.id ? -1 : 1)

// Sorted by age, so that the cursor of a deleted account keeps its position. The random part prevents reuse
// of an ID after a reset, and after the end of a process that has not saved its last numbers.
function newAccountId(sequence: number): string {
  return `apn_1${sequence.toString(36).padStart(5, '0')}${randomBytes(6).toString('hex')}`
}

import { randomBytes } from 'node:crypto'
import { dateInPastYear, generateRows, pick } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import { createAppCatalogue } from './app-catalogue.ts'

export type Environment = 'development' | 'production'

/** A stored connect token (`POST …/tokens`). */
export interface ConnectToken {
  readonly token: string
  readonly environment: Environment
  readonly externalUserId: string
  readonly expiresAt: string
  /** Slug of the app, if it was sent when the token was created. */
  readonly app: string | null
  readonly oauthAppId: string | null
  readonly successRedirectUri: string | null
  readonly errorRedirectUri: string | null
  readonly webhookUri: string | null
  /** A token can connect one account only. */
  used: boolean
}

export interface Account {
  readonly id: string
  readonly environment: Environment
  readonly externalId: string
  readonly slug: string
  readonly oauthAppId: string | null
  readonly name: string | null
  readonly healthy: boolean
  readonly dead: boolean | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** The slice of the saved state. */
interface PipedreamData {
  /** Expiry date (ISO 8601) by access token. */
  accessTokens: Record<string, string>
  connectTokens: Record<string, ConnectToken>
  accounts: Account[]
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
      const token = `sandbox.${randomBytes(48).toString('base64url')}`
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
    data().accounts = data().accounts.filter(({ id }) => !ids.has(id))
    data().removed.push(...[...ids].filter((id) => !stored.has(id)))
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

  return { accounts, account, remove, connect, breakAccount }
}

const byId = (a: Account, b: Account) => (a.id < b.id ? -1 : 1)

// Sorted by age, so that the cursor of a deleted account keeps its position. The random part prevents reuse
// of an ID after a reset.
function newAccountId(sequence: number): string {
  return `apn_1${sequence.toString(36).padStart(5, '0')}${randomBytes(2).toString('hex')}`
}

/** Accounts that other programs of the same project created: generated, not stored. */
function createGeneratedAccounts(
  context: SandboxContext,
  apps: readonly { readonly slug: string; readonly name: string }[],
) {
  const cache = new Map<string, readonly Account[]>()
  return (environment: Environment): readonly Account[] => {
    const stateCreatedAt = context.stateCreatedAt()
    const key = `${environment} ${stateCreatedAt.toISOString()}`
    const accounts =
      cache.get(key) ??
      generateRows(context.generatedConnections, (index) => {
        const createdAt = dateInPastYear(stateCreatedAt, index).toISOString()
        const app = apps[index % apps.length]
        return {
          id: `apn_0${environment.slice(0, 1)}${String(index).padStart(6, '0')}`,
          environment,
          externalId: `outside_user_${1 + (index % 500)}`,
          slug: app?.slug ?? '',
          oauthAppId: null,
          name: `${app?.name} ${index}`,
          healthy: pick([true, true, false, false], index),
          dead: pick([null, null, null, true], index),
          createdAt,
          updatedAt: createdAt,
        }
      })
    cache.set(key, accounts)
    return accounts
  }
}

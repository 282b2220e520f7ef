import { randomBytes } from 'node:crypto'
import { inflate, momentInPastYear, pick } from '../../synthetic-rows.ts'
import type { World } from '../../vendor.ts'
import { createAppCatalogue } from './app-catalogue.ts'

export type Environment = 'development' | 'production'

/** What the sandbox remembers of `POST …/tokens`. */
export interface ConnectToken {
  readonly token: string
  readonly environment: Environment
  readonly externalUserId: string
  readonly expiresAt: string
  /** Slug that the token was made for, when the caller said so already then. */
  readonly app: string | null
  readonly oauthAppId: string | null
  readonly successRedirectUri: string | null
  readonly errorRedirectUri: string | null
  readonly webhookUri: string | null
  /** A token connects one account and is used up by it. */
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

interface PipedreamState {
  /** Access token to the moment it ends. */
  accessTokens: Record<string, string>
  connectTokens: Record<string, ConnectToken>
  accounts: Account[]
  /** Ids of inflated accounts that were deleted. */
  removed: string[]
  sequence: number
}

/** What is being connected with a token. */
export interface Choice {
  readonly slug: string
  readonly name: string | null
  readonly oauthAppId: string | null
  /** An existing account that is connected anew instead of a further one being made. */
  readonly accountId: string | null
}

export type PipedreamStore = ReturnType<typeof createPipedreamStore>

const keepTokensMs = 7 * 24 * 60 * 60 * 1000

/** Everything the fake Pipedream knows: its apps, tokens and accounts. */
export function createPipedreamStore(world: World) {
  const apps = createAppCatalogue(world.connectors)
  const state = world.slice<PipedreamState>('pipedream', () => ({
    accessTokens: {},
    connectTokens: {},
    accounts: [],
    removed: [],
    sequence: 0,
  }))
  const inflated = createInflated(world, apps.list)
  return { world, apps, ...tokenMemory(world, state), ...accountMemory(world, state, inflated) }
}

function tokenMemory(world: World, state: () => PipedreamState) {
  function forget(before: string): void {
    const { connectTokens } = state()
    for (const [key, { expiresAt }] of Object.entries(connectTokens)) {
      if (expiresAt < before) delete connectTokens[key]
    }
  }

  return {
    grantAccess(expiresAt: Date): string {
      forget(new Date(world.now().getTime() - keepTokensMs).toISOString())
      const now = world.now().toISOString()
      const live = Object.entries(state().accessTokens).filter(([, end]) => end > now)
      const token = `sandbox.${randomBytes(48).toString('base64url')}`
      state().accessTokens = Object.fromEntries([...live, [token, expiresAt.toISOString()]])
      return token
    },
    hasAccess(token: string, now: Date): boolean {
      const { accessTokens } = state()
      return Object.hasOwn(accessTokens, token) && (accessTokens[token] ?? '') > now.toISOString()
    },
    addToken(token: Omit<ConnectToken, 'token' | 'used'>): ConnectToken {
      const added = { ...token, token: `ctok_${randomBytes(16).toString('hex')}`, used: false }
      state().connectTokens[added.token] = added
      return added
    },
    token(text: string): ConnectToken | undefined {
      return Object.hasOwn(state().connectTokens, text) ? state().connectTokens[text] : undefined
    },
  }
}

function accountMemory(
  world: World,
  state: () => PipedreamState,
  inflated: (environment: Environment) => readonly Account[],
) {
  /** By id, which is by age: inflated ones first. */
  function accounts(environment: Environment): readonly Account[] {
    const removed = new Set(state().removed)
    const made = inflated(environment)
    const outside = removed.size === 0 ? made : made.filter(({ id }) => !removed.has(id))
    return [...outside, ...state().accounts.filter((account) => account.environment === environment)]
  }

  function account(environment: Environment, id: string): Account | undefined {
    return accounts(environment).find((one) => one.id === id)
  }

  function remove(gone: readonly Account[]): void {
    const ids = new Set(gone.map(({ id }) => id))
    const stored = new Set(state().accounts.map(({ id }) => id))
    state().accounts = state().accounts.filter(({ id }) => !ids.has(id))
    state().removed.push(...[...ids].filter((id) => !stored.has(id)))
  }

  /** Uses the token up and makes (or mends) its account. */
  function connect(token: ConnectToken, choice: Choice): Account {
    const now = world.now().toISOString()
    const old = choice.accountId === null ? undefined : account(token.environment, choice.accountId)
    if (old !== undefined) remove([old])
    state().sequence += 1
    const made: Account = {
      id: old?.id ?? newAccountId(state().sequence),
      environment: token.environment,
      externalId: token.externalUserId,
      slug: choice.slug,
      oauthAppId: choice.oauthAppId,
      name: choice.name,
      healthy: true,
      dead: null, // null, not false, in every real capture of a healthy account
      createdAt: old?.createdAt ?? now,
      updatedAt: now,
    }
    state().accounts = [...state().accounts, made].sort(byId)
    token.used = true
    return made
  }

  /** The app no longer lets the account in. An id belongs to one environment alone. */
  function spoil(id: string, { dead }: Pick<Account, 'dead'>): boolean {
    const old = account('development', id) ?? account('production', id)
    if (old === undefined) return false
    remove([old])
    const updatedAt = world.now().toISOString()
    state().accounts = [...state().accounts, { ...old, healthy: false, dead, updatedAt }].sort(byId)
    return true
  }

  return { accounts, account, remove, connect, spoil }
}

const byId = (a: Account, b: Account) => (a.id < b.id ? -1 : 1)

// Sorts by age, so that a cursor of a deleted account still has a place; random, so that no reset repeats an id.
function newAccountId(sequence: number): string {
  return `apn_1${sequence.toString(36).padStart(5, '0')}${randomBytes(2).toString('hex')}`
}

/** Accounts that other programs of the same project made: counted, not stored. */
function createInflated(world: World, apps: readonly { readonly slug: string; readonly name: string }[]) {
  const made = new Map<string, readonly Account[]>()
  return (environment: Environment): readonly Account[] => {
    const born = world.bornAt()
    const key = `${environment} ${born.toISOString()}`
    const accounts =
      made.get(key) ??
      inflate(world.connections, (index) => {
        const createdAt = momentInPastYear(born, index).toISOString()
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
    made.set(key, accounts)
    return accounts
  }
}

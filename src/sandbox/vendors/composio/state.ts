import { randomBytes } from 'node:crypto'
import { createGeneratedConnections, dateInPastYear, pick } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import { createToolkits, stableId, type Toolkit } from './toolkit-list.ts'

export interface AuthConfig {
  readonly id: string
  readonly toolkit: string
  readonly name: string
  readonly scheme: string
  readonly createdAt: string
  enabled: boolean
}

type Status = 'INITIATED' | 'ACTIVE' | 'FAILED' | 'EXPIRED' | 'INACTIVE' | 'REVOKED'

/** A connected account. No credentials are stored. */
export interface Account {
  readonly id: string
  readonly toolkit: string
  readonly authConfigId: string
  readonly userId: string
  readonly createdAt: string
  updatedAt: string
  status: Status
  statusReason: string | null
  /** When its latest authorization was started. */
  initiatedAt: string
}

/** A hosted page that authorizes an account. */
export interface Link {
  readonly token: string
  readonly accountId: string
  readonly callbackUrl: string | null
  readonly expiresAt: string
  /** Preset values of the page's fields. */
  readonly connectionData: Readonly<Record<string, string>>
  /** Whether it renews an existing account. */
  readonly isRefresh: boolean
  used: boolean
}

export interface Subscription {
  readonly id: string
  readonly createdAt: string
  updatedAt: string
  url: string
  events: readonly string[]
  version: string
}

/** The slice of the saved state. */
interface ComposioData {
  accounts: Account[]
  links: Link[]
  /** Those that were created or changed, besides those of the catalogue. */
  authConfigs: AuthConfig[]
  subscriptions: Subscription[]
  /** IDs of generated accounts that were deleted, or copied into `accounts` to be changed. */
  gone: string[]
  secretNumber: number
}

/** docs.composio.dev/kb/guide/platform-connected-accounts */
export const linkLifetimeMs = 600_000

export type ComposioState = ReturnType<typeof createComposioState>

/** The catalogue and the data of one Composio project. */
export function createComposioState(context: SandboxContext) {
  const toolkits = createToolkits(context.minConnectors)
  const data = context.slice<ComposioData>('composio', () => ({
    accounts: [],
    links: [],
    authConfigs: [],
    subscriptions: [],
    gone: [],
    secretNumber: 0,
  }))
  const generated = createGeneratedConnections(context, (index, createdAt) =>
    generateAccount(toolkits.list, index, createdAt),
  )

  /** Oldest first. */
  function accounts(): readonly Account[] {
    const gone = new Set(data().gone)
    const present = gone.size === 0 ? generated() : generated().filter(({ id }) => !gone.has(id))
    for (const account of data().accounts) endInitiation(account, context.now())
    return [...present, ...data().accounts]
  }

  /** The account to mutate. A generated one is stored first. */
  function accountToChange(id: string): Account | undefined {
    const found = accounts().find((account) => account.id === id)
    if (found === undefined || data().accounts.includes(found)) return found
    const stored = structuredClone(found)
    data().gone.push(id)
    data().accounts.push(stored)
    return stored
  }

  return {
    context,
    toolkits,
    data,
    accounts,
    accountToChange,
    account: (id: string) => accounts().find((account) => account.id === id),
    remove(id: string): boolean {
      const account = accountToChange(id)
      data().accounts = data().accounts.filter((one) => one !== account)
      return account !== undefined
    },
    authConfigs: () => authConfigsOf(toolkits.list, data().authConfigs, context.stateCreatedAt()),
    /** The signing secret of all subscriptions; another one after it was rotated. */
    webhookSecret(): string {
      const { secretNumber } = data()
      return `sandbox-webhook-secret${context.suffix}${secretNumber === 0 ? '' : `.${secretNumber}`}`
    },
  }
}

/** An authorization that was not finished in time. */
function endInitiation(account: Account, now: Date): void {
  if (account.status !== 'INITIATED') return
  const endsAt = Date.parse(account.initiatedAt) + linkLifetimeMs
  if (now.getTime() < endsAt) return
  account.status = 'EXPIRED'
  account.statusReason = 'Connection initiation did not complete within 10 minutes'
  account.updatedAt = new Date(endsAt).toISOString()
}

/** Those of the catalogue, replaced by the stored ones with the same ID. */
function authConfigsOf(
  toolkits: readonly Toolkit[],
  stored: readonly AuthConfig[],
  createdAt: Date,
): readonly AuthConfig[] {
  const initial = toolkits.filter(({ authConfig }) => authConfig).map((one) => initialConfig(one, createdAt))
  const all = new Map([...initial, ...stored].map((one) => [one.id, one]))
  return [...all.values()]
}

const initialConfig = ({ slug, name, scheme }: Toolkit, createdAt: Date): AuthConfig => ({
  id: stableId('ac', slug),
  toolkit: slug,
  name: `${name} of the sandbox`,
  scheme,
  createdAt: createdAt.toISOString(),
  enabled: true,
})

/** Random, so that an ID is never used again, also after a reset. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(9).toString('base64url')}`

/** Accounts that other programs of the same project created. */
function generateAccount(toolkits: readonly Toolkit[], index: number, stateCreatedAt: Date): Account {
  const linkable = toolkits.filter(({ authConfig }) => authConfig)
  const toolkit = linkable[(index * 7) % linkable.length]?.slug ?? 'github'
  const at = dateInPastYear(stateCreatedAt, index).toISOString()
  return {
    id: `ca_outside${String(index).padStart(6, '0')}`,
    toolkit,
    authConfigId: stableId('ac', toolkit),
    userId: `outside_user_${1 + (index % 500)}`,
    createdAt: at,
    updatedAt: at,
    initiatedAt: at,
    status: pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'EXPIRED', 'INACTIVE', 'REVOKED'] as const, index),
    statusReason: null,
  }
}

import { createHash } from 'node:crypto'
import { z } from 'zod'

/** How an account is identified whose ID the provider does not return. */
export interface KeyAccount {
  readonly apiKey: string
  /** The operator's name for the account. */
  readonly name: string | undefined
}

/** The setting with the operator's name for the account. */
export const accountName = z.string().trim().min(1).max(100, 'must have at most 100 characters').optional()

/** An organization's account, as stored. */
export interface AccountOwner {
  /** ID of the stored account. */
  readonly accountId: string
  readonly organizationId: string
}

/** What the rows of an account are stored under. */
export interface AccountIdentity {
  readonly accountKey: string
  /** The account at the provider, independent of its owner: its ID, or a fingerprint of its API key. */
  readonly remoteAccount: string
  /**
   * Whether a stored account key can be one that this account had with another API key: an account at the same URL that
   * is identified by a fingerprint. `false` for every account that is identified by its ID or a name.
   */
  isFormerAccount(accountKey: string): boolean
}

/**
 * The account at `base`. Without an ID or a name it is identified by a fingerprint of its API key, which does not expose
 * the key and changes with it. An organization's account is never identified by a fingerprint: its key is replaced by
 * `rotateProviderAccount` only, and its rows never become those of another organization.
 */
export function identifyAccount(
  base: string,
  account: KeyAccount | null,
  owner: AccountOwner | null = null,
): AccountIdentity {
  const remoteAccount = account === null ? base : `${base}|${fingerprint(account.apiKey)}`
  if (owner !== null) {
    const own = account === null ? base : `${base}|account:${owner.accountId}`
    const accountKey = `${own}|organization:${fingerprint(owner.organizationId)}`
    return { accountKey, remoteAccount, isFormerAccount: () => false }
  }
  if (account === null) return { accountKey: base, remoteAccount, isFormerAccount: () => false }
  const { apiKey, name } = account
  const accountKey = `${base}|${name === undefined ? fingerprint(apiKey) : `account:${name}`}`
  return {
    accountKey,
    remoteAccount,
    isFormerAccount: (other) =>
      other !== accountKey && other.startsWith(`${base}|`) && isFingerprint(other.slice(base.length + 1)),
  }
}

/** Identifies a secret without exposing it. */
export const fingerprint = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 12)
const isFingerprint = (text: string) => /^[0-9a-f]{12}$/.test(text)

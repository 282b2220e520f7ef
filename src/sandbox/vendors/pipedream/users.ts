import type { Account, ExternalUser } from './types.ts'

/** The end users, in no particular order, each with the earliest of its times. */
export function uniqueUsers(all: readonly ExternalUser[]): readonly ExternalUser[] {
  const unique = new Map<string, ExternalUser>()
  for (const { environment, externalId, createdAt } of all) {
    const key = `${environment} ${externalId}`
    const known = unique.get(key)
    if (known === undefined || createdAt < known.createdAt)
      unique.set(key, { environment, externalId, createdAt })
  }
  return [...unique.values()]
}

export const isOwnedBy = (
  { environment, externalId }: Pick<ExternalUser, 'environment' | 'externalId'>,
  owned: Pick<Account, 'environment' | 'externalId'>,
): boolean => owned.environment === environment && owned.externalId === externalId

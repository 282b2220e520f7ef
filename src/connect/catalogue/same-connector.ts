import type { ProviderKey } from '../../domain/provider-key.ts'
import { identify } from './applications.ts'
import type { Catalogue } from './catalogue.ts'

/** A provider account, or a row that is from it. */
interface Account {
  readonly provider: ProviderKey
  readonly accountKey: string
}

/**
 * Whether two keys of a provider account mean the same connector. Keys that differ do if the catalogue does not have both and
 * they name the same application: a provider may answer another spelling of a key, or one that was renamed.
 */
export function isSameConnector(
  catalogue: Pick<Catalogue, 'connectorOf'>,
  { provider, accountKey }: Account,
  [key, other]: readonly [string, string],
): boolean {
  if (key === other) return true
  const find = (connectorKey: string) => catalogue.connectorOf({ provider, accountKey, connectorKey })
  if (find(key) && find(other)) return false
  const namesOf = (one: string) => [one, find(one)?.name ?? one]
  const ids = new Set(namesOf(key).map((name) => identify({ name }).id))
  return namesOf(other).some((name) => ids.has(identify({ name }).id))
}

import type { ProviderKey } from '../../domain/provider-key.ts'
import { identify } from './applications.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * Whether two keys of a provider mean the same connector. Keys that differ do if the catalogue does not have both and
 * they name the same application: a provider may answer another spelling of a key, or one that was renamed.
 */
export function isSameConnector(
  catalogue: Pick<Catalogue, 'get'>,
  provider: ProviderKey,
  [key, other]: readonly [string, string],
): boolean {
  if (key === other) return true
  if (catalogue.get(provider, key) && catalogue.get(provider, other)) return false
  const namesOf = (one: string) => [one, catalogue.get(provider, one)?.name ?? one]
  const ids = new Set(namesOf(key).map((name) => identify({ name }).id))
  return namesOf(other).some((name) => ids.has(identify({ name }).id))
}

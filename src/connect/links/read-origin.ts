import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { ReadOrigin } from '../../store/column-rule.ts'

/** The origin of connections that were read from an account at that time. */
export const readOrigin = (
  { key, accountKey, organizationId }: ConfiguredProvider,
  now: Date,
): ReadOrigin => ({
  provider: key,
  accountKey,
  now,
  // What a provider lists as an end user's is of the organization that the account belongs to.
  organization: organizationId === null ? null : { id: organizationId, name: null },
})

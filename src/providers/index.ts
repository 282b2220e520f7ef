import { type ProviderKey, providerKeys } from '../domain/provider-key.ts'
import { census } from './census/census.ts'
import { composio } from './composio/composio.ts'
import type { ProviderDefinition } from './definition.ts'
import { fivetran } from './fivetran/fivetran.ts'
import { nango } from './nango/nango.ts'
import { pipedream } from './pipedream/pipedream.ts'
import { xpander } from './xpander/xpander.ts'

export const definitionByKey: Readonly<Record<ProviderKey, ProviderDefinition>> = {
  FIVETRAN: fivetran,
  CENSUS: census,
  PIPEDREAM: pipedream,
  XPANDER: xpander,
  NANGO: nango,
  COMPOSIO: composio,
}

/** All providers, in the order of `providerKeys`. */
export const providerDefinitions: readonly ProviderDefinition[] = providerKeys.map(
  (key) => definitionByKey[key],
)

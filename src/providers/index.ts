import { census } from './census/census.ts'
import type { ProviderDefinition } from './definition.ts'
import { fivetran } from './fivetran/fivetran.ts'
import { pipedream } from './pipedream/pipedream.ts'
import { xpander } from './xpander/xpander.ts'

/** All providers, in the order in which the API lists them. */
export const providerDefinitions: readonly ProviderDefinition[] = [fivetran, census, pipedream, xpander]

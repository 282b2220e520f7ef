import { census } from './census/census.ts'
import type { ProviderDefinition } from './definition.ts'
import { fivetran } from './fivetran/fivetran.ts'
import { pipedream } from './pipedream/pipedream.ts'
import { xpander } from './xpander/xpander.ts'

/** Every provider the gateway knows, in the order in which callers see them. */
export const providerDefinitions: readonly ProviderDefinition[] = [fivetran, census, pipedream, xpander]

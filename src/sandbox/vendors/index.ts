import type { SandboxContext, Vendor } from '../vendor.ts'
import { withAccounts } from '../vendor-accounts.ts'
import { createCensus } from './census/census.ts'
import { createComposio } from './composio/composio.ts'
import { createFivetran } from './fivetran/fivetran.ts'
import { createNango } from './nango/nango.ts'
import { createPipedream } from './pipedream/pipedream.ts'
import { createXpander } from './xpander/xpander.ts'

/** All fake vendors of the sandbox. */
export const createVendors = (context: SandboxContext): readonly Vendor[] =>
  [createFivetran, createCensus, createPipedream, createXpander, createNango, createComposio].map((create) =>
    withAccounts(context, create),
  )

import type { Vendor, World } from '../vendor.ts'
import { createCensus } from './census/census.ts'
import { createFivetran } from './fivetran/fivetran.ts'
import { createPipedream } from './pipedream/pipedream.ts'
import { createXpander } from './xpander/xpander.ts'

/** All fake vendors of the sandbox. */
export const createVendors = (world: World): readonly Vendor[] => [
  createFivetran(world),
  createCensus(world),
  createPipedream(world),
  createXpander(world),
]

import { z } from 'zod'
import { accountName } from '../account-key.ts'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, required } from '../definition.ts'
import { createPaginate } from '../paginate.ts'
import { diagnose } from './diagnose.ts'
import { type LinkOptions, linkLifetimeSeconds, linkOptions } from './link.ts'
import { createV1 } from './v1.ts'
import { createV2 } from './v2.ts'

const shared = {
  CENSUS_API_KEY: required,
  // The European region is app-eu.getcensus.com. INFERRED from the separate hosts of the regions: a key used in the
  // wrong one gets 401.
  CENSUS_BASE_URL: baseUrl('https://app.getcensus.com'),
}

// Version 1 is switched off on 2027-01-15: fivetran.com/docs/activations/rest-api/api-reference/migrate-v1-to-v2
const settings = z.discriminatedUnion(
  'CENSUS_API_VERSION',
  [
    z.object({ CENSUS_API_VERSION: z.literal('1'), CENSUS_ACCOUNT: accountName, ...shared }),
    z.object({ CENSUS_API_VERSION: z.literal('2').default('2'), CENSUS_GROUP_ID: required, ...shared }),
  ],
  { error: 'must be one of 1, 2' },
)
type Settings = z.output<typeof settings>

export const census = defineProvider({
  key: 'CENSUS',
  name: 'Census',
  description: 'Census, now Fivetran Activations: Connect Links. Syncs data out of a data warehouse.',
  variables: ['CENSUS_API_VERSION', 'CENSUS_API_KEY', 'CENSUS_ACCOUNT', 'CENSUS_GROUP_ID', 'CENSUS_BASE_URL'],
  credentials: ['CENSUS_API_KEY', 'CENSUS_GROUP_ID'],
  ownVariables: ['CENSUS_API_VERSION', 'CENSUS_API_KEY', 'CENSUS_GROUP_ID'],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl, { CENSUS_API_VERSION }) => ({
    ...(CENSUS_API_VERSION === '1'
      ? { CENSUS_API_VERSION, CENSUS_API_KEY: 'secret-token:sandbox' }
      : { CENSUS_API_KEY: 'sandbox-pat', CENSUS_GROUP_ID: 'sandbox_group' }),
    CENSUS_BASE_URL: `${sandboxUrl}/census`,
  }),
  baseUrl: ({ CENSUS_BASE_URL }) => CENSUS_BASE_URL,
  accountKeyParts: (settings) =>
    settings.CENSUS_API_VERSION === '1' ? ['v1'] : ['v2', settings.CENSUS_GROUP_ID],
  // The settings of version 1 contain no workspace ID: the key identifies the workspace.
  keyAccount: (settings) =>
    settings.CENSUS_API_VERSION === '1'
      ? { apiKey: settings.CENSUS_API_KEY, name: settings.CENSUS_ACCOUNT }
      : null,
  capabilities: ({ CENSUS_API_VERSION }) => ({
    // No rate limit is published: a conservative value.
    pollsPerMinute: 30,
    // Each link has a state of its own: it can be revoked at Census.
    checkedByList: [],
    directions: CENSUS_API_VERSION === '1' ? ['DESTINATION', 'SOURCE'] : ['DESTINATION'],
    successRedirect: true,
    errorRedirect: false,
    embeddable: true,
    reconnect: true,
    revokeLink: true,
    disconnect: true,
    completion: ['POLL'],
    // The organization may have agreed on a longer lifetime; no API parameter sets it.
    linkLifetimeSeconds: { default: linkLifetimeSeconds, min: null, max: null },
  }),
  create: createCensus,
})

/** At 100 rows a page, 20 000 activations: the list that a link of version 2 needs has those of all groups. */
const pagesPerCall = 200

function createCensus(settings: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const http = context.http({
    provider: 'CENSUS',
    name: 'Census',
    baseUrl: settings.CENSUS_BASE_URL,
    // The prefix `secret-token:` of a workspace key is part of the token.
    authorization: { headers: async () => ({ authorization: `Bearer ${settings.CENSUS_API_KEY}` }) },
    // No error codes are documented: only the HTTP status is read.
  })
  const paginate = createPaginate({ provider: 'CENSUS', name: 'Census', pagesPerCall, ...context })
  const { CENSUS_BASE_URL: baseUrl } = settings
  const deps = { http, paginate, baseUrl, now: context.now, linkOrigins: context.trustedOrigins }
  const key = { version: settings.CENSUS_API_VERSION, apiKey: settings.CENSUS_API_KEY }
  return {
    ...(settings.CENSUS_API_VERSION === '1' ? createV1(deps) : createV2(deps, settings.CENSUS_GROUP_ID)),
    diagnose: async () => diagnose(key, context.now()),
  }
}

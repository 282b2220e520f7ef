import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, required } from '../definition.ts'
import { type LinkOptions, linkLifeSeconds, linkOptions } from './link.ts'
import { createV1 } from './v1.ts'
import { createV2 } from './v2.ts'

const shared = {
  CENSUS_API_KEY: required,
  // The European region is app-eu.getcensus.com; a key used at the wrong region is answered 401.
  CENSUS_BASE_URL: baseUrl('https://app.getcensus.com'),
}

// Version 1 is switched off on 2027-01-15: fivetran.com/docs/activations/rest-api/api-reference/migrate-v1-to-v2
const settings = z.discriminatedUnion(
  'CENSUS_API_VERSION',
  [
    z.object({ CENSUS_API_VERSION: z.literal('1'), ...shared }),
    z.object({ CENSUS_API_VERSION: z.literal('2').default('2'), CENSUS_GROUP_ID: required, ...shared }),
  ],
  { error: 'must be one of 1, 2' },
)
type Settings = z.output<typeof settings>

export const census = defineProvider({
  key: 'CENSUS',
  name: 'Census',
  variables: ['CENSUS_API_VERSION', 'CENSUS_API_KEY', 'CENSUS_GROUP_ID', 'CENSUS_BASE_URL'],
  credentials: ['CENSUS_API_KEY', 'CENSUS_GROUP_ID'],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl, { CENSUS_API_VERSION }) => ({
    ...(CENSUS_API_VERSION === '1'
      ? { CENSUS_API_VERSION, CENSUS_API_KEY: 'secret-token:sandbox' }
      : { CENSUS_API_KEY: 'sandbox-pat', CENSUS_GROUP_ID: 'sandbox_group' }),
    CENSUS_BASE_URL: `${sandboxUrl}/census`,
  }),
  baseUrl: ({ CENSUS_BASE_URL }) => CENSUS_BASE_URL,
  accountKeyParts: (chosen) =>
    chosen.CENSUS_API_VERSION === '1'
      ? ['v1', fingerprint(chosen.CENSUS_API_KEY)]
      : ['v2', chosen.CENSUS_GROUP_ID],
  capabilities: ({ CENSUS_API_VERSION }) => ({
    // No limit is published: a modest number of our own.
    pollsPerMinute: 30,
    directions: CENSUS_API_VERSION === '1' ? ['DESTINATION', 'SOURCE'] : ['DESTINATION'],
    successRedirect: true,
    errorRedirect: false,
    embeddable: true,
    reconnect: true,
    revokeLink: true,
    disconnect: true,
    completion: ['POLL'],
    // The organisation may have agreed on a longer life; no call can ask for one.
    linkLifetimeSeconds: { default: linkLifeSeconds, min: null, max: null },
  }),
  create: createCensus,
})

/** A workspace has no id among the settings: its key stands for it, unreadable. */
const fingerprint = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 12)

function createCensus(chosen: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const http = context.http({
    provider: 'CENSUS',
    name: 'Census',
    baseUrl: chosen.CENSUS_BASE_URL,
    // A workspace key's prefix `secret-token:` is part of the token.
    authorization: { headers: async () => ({ authorization: `Bearer ${chosen.CENSUS_API_KEY}` }) },
    // No error codes are documented: the status is all there is to read.
  })
  const deps = { http, now: context.now, linkOrigins: context.trustedOrigins }
  return chosen.CENSUS_API_VERSION === '1' ? createV1(deps) : createV2(deps, chosen.CENSUS_GROUP_ID)
}

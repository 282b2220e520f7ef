import { z } from 'zod'
import type { ErrorReader } from '../../http/error-response.ts'
import { path } from '../../http/http-types.ts'
import { accountName } from '../account-key.ts'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, optionalBaseUrl, optionalOneOf, required } from '../definition.ts'
import { createPaginate } from '../paginate.ts'
import { mapPage, mayContain } from '../rows.ts'
import { connectionsOf, toConnections, toConnector } from './catalogue.ts'
import { createConnectors, unchanged, unreadable } from './connectors.ts'
import { diagnoseFamily } from './diagnose.ts'
import { createFamilies, familyNames } from './families.ts'
import { createLink } from './link.ts'
import { type LinkOptions, linkOptions, linkState } from './new-connection.ts'
import { useTool } from './use.ts'

const settings = z.object({
  XPANDER_API_KEY: required,
  XPANDER_ACCOUNT: accountName,
  XPANDER_API_FAMILY: optionalOneOf(familyNames),
  XPANDER_BASE_URL: baseUrl('https://api.xpander.ai'),
  XPANDER_APP_URL: optionalBaseUrl,
})
type Settings = z.output<typeof settings>

export const xpander = defineProvider({
  key: 'XPANDER',
  name: 'xpander',
  description: 'xpander.ai: connectors for AI agents.',
  variables: Object.keys(settings.shape),
  credentials: ['XPANDER_API_KEY'],
  ownVariables: ['XPANDER_API_KEY', 'XPANDER_API_FAMILY'],
  settings,
  linkOptions,
  publicOptions: ['name', 'version', 'accessScope'],
  freeOptions: ['security', 'headers'],
  sandboxVariables: (sandboxUrl, _, pagesUrl = sandboxUrl) => ({
    XPANDER_API_KEY: 'sandbox-key',
    XPANDER_BASE_URL: `${sandboxUrl}/xpander`,
    XPANDER_APP_URL: `${pagesUrl}/xpander`,
  }),
  baseUrl: ({ XPANDER_BASE_URL }) => XPANDER_BASE_URL,
  // Both API families return the same connections.
  accountKeyParts: () => [],
  // The key belongs to one organization, whose ID is not known.
  keyAccount: ({ XPANDER_API_KEY, XPANDER_ACCOUNT }) => ({ apiKey: XPANDER_API_KEY, name: XPANDER_ACCOUNT }),
  capabilities: () => ({
    // Limits: 100 requests/minute and 1 000/hour. A connector that the search misses needs a scan of the whole list.
    pollsPerMinute: 10,
    // The links of one connector share one search; the list has all connectors of the vendor.
    checkedByList: [],
    directions: ['TOOL'],
    successRedirect: false,
    errorRedirect: false,
    embeddable: false,
    reconnect: false,
    revokeLink: false,
    disconnect: false,
    completion: ['IMMEDIATE', 'POLL'],
    linkLifetimeSeconds: null,
  }),
  create: createXpander,
})

/** At 50 rows a page, 5 000 connectors: the vendor has more than 2 000, and none can be read on its own. */
const pagesPerCall = 100

function createXpander(settings: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const http = context.http({
    provider: 'XPANDER',
    name: 'xpander',
    baseUrl: settings.XPANDER_BASE_URL,
    authorization: { headers: async () => ({ 'x-api-key': settings.XPANDER_API_KEY }) },
    errorReader,
  })
  const paginate = createPaginate({ provider: 'XPANDER', name: 'xpander', pagesPerCall, ...context })
  const families = createFamilies(settings.XPANDER_API_FAMILY, context.log)
  const connectors = createConnectors({ http, paginate }, families)
  const hosts = {
    provider: 'XPANDER',
    name: 'xpander',
    hosts: null,
    origins: context.trustedOrigins,
  } as const
  const connectorPage = pageAddress(settings)

  return {
    createLink: (request, call) => createLink({ connectors, hosts, connectorPage }, request, call),

    async checkLink({ connectorKey, connectorName, providerState }, call) {
      const { baseline, name, pendingId } = linkState.parse(providerState)
      const current = connectionsOf(await connectors.find(connectorKey, connectorName, call))
      // It is not documented whether the page keeps the requested name. If it does, the match is unambiguous.
      const match = current.find(
        (connection) => connection.name === name && !baseline?.includes(connection.remoteId),
      )
      if (match) return { kind: 'completed', connection: match }
      const candidates = current.filter(
        ({ remoteId }) => remoteId === pendingId || baseline?.includes(remoteId) === false,
      )
      return candidates.length > 0 ? { kind: 'candidates', connections: candidates } : { kind: 'open' }
    },

    // Without regard to the baseline: only the link's own connect call can have made a connection with its name before.
    async recognizesLink({ providerState }, listed) {
      const { name } = linkState.parse(providerState)
      return listed.some((connection) => connection.name === name)
    },

    async getConnection({ remoteId, connectorKey }, call) {
      const connector = await connectors.find(connectorKey, null, call)
      const found = connectionsOf(connector).find((connection) => connection.remoteId === remoteId)
      if (found) return found
      if (mayContain(connector?.connections?.skipped ?? [], remoteId)) throw unreadable('read a connection')
      return null
    },

    useConnection: (connection) => useTool(settings.XPANDER_BASE_URL, connection),

    diagnose: async ({ isThorough }, call) =>
      isThorough
        ? [await diagnoseFamily({ connectors, families, setting: settings.XPANDER_API_FAMILY }, call)]
        : [],

    listConnections: (_groups, call) => connectors.all(toConnections, call),

    async *listConnectors(call) {
      let hints: ReadonlyMap<string, string> | undefined
      for await (const page of connectors.all(unchanged, call)) {
        hints ??= await connectors.fetchHints(call)
        yield mapPage(page, (one) => toConnector(one, hints?.get(one.id)))
      }
    },
  }
}

/** SEEN in the guide on tools and connectors: app.xpander.ai/connectors/{connector_id}. Other hosts have unknown pages. */
function pageAddress({ XPANDER_BASE_URL, XPANDER_APP_URL }: Settings) {
  const isVendorHost = XPANDER_BASE_URL.hostname === 'api.xpander.ai'
  const app = XPANDER_APP_URL?.href ?? (isVendorHost ? 'https://app.xpander.ai' : null)
  return (connectorKey: string) => app && app.replace(/\/$/, '') + path`/connectors/${connectorKey}`
}

const validationResponse = z.object({ detail: z.array(z.object({ type: z.string() })) })

/**
 * INFERRED from the documented headers of rate limits: rate limits and exhausted plans both return 429. The body has no
 * documented format, so that a plan is recognized by the words of its text and the absence of a time to wait.
 */
const errorReader: ErrorReader = {
  // The rest of a validation error may contain the credentials of the request.
  code: (body) => validationResponse.safeParse(body).data?.detail[0]?.type,
  isQuota({ headers, body, retryAfterSeconds = 0 }) {
    const hasRetryTime =
      headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      retryAfterSeconds > 0
    return !hasRetryTime && /billing|plan|quota|credit|limit reached/i.test(JSON.stringify(body) ?? '')
  },
}

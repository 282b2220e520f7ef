import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ErrorReader } from '../../http/error-response.ts'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, oneOf, required } from '../definition.ts'
import { connectionsOf, toConnector } from './catalogue.ts'
import { createConnectors, families } from './connectors.ts'
import { createLink } from './link.ts'
import { type LinkOptions, linkMemo, linkOptions } from './new-connection.ts'

const settings = z.object({
  XPANDER_API_KEY: required,
  XPANDER_API_FAMILY: oneOf(['connectors', 'tools'], 'connectors'),
  XPANDER_BASE_URL: baseUrl('https://api.xpander.ai'),
})
type Settings = z.output<typeof settings>

export const xpander = defineProvider({
  key: 'XPANDER',
  name: 'xpander',
  variables: Object.keys(settings.shape),
  credentials: ['XPANDER_API_KEY'],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl) => ({
    XPANDER_API_KEY: 'sandbox-key',
    XPANDER_BASE_URL: `${sandboxUrl}/xpander`,
  }),
  baseUrl: ({ XPANDER_BASE_URL }) => XPANDER_BASE_URL,
  // The key is bound to one organisation, which has no other name here. Both families show the same connections.
  accountKeyParts: ({ XPANDER_API_KEY }) => [
    createHash('sha256').update(XPANDER_API_KEY).digest('hex').slice(0, 12),
  ],
  capabilities: () => ({
    // Of 100 requests a minute and 1 000 an hour; a connector that the search misses costs a walk of the whole list.
    pollsPerMinute: 10,
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

function createXpander(chosen: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const http = context.http({
    provider: 'XPANDER',
    name: 'xpander',
    baseUrl: chosen.XPANDER_BASE_URL,
    authorization: { headers: async () => ({ 'x-api-key': chosen.XPANDER_API_KEY }) },
    errorReader: errorReader(context.now),
  })
  const connectors = createConnectors(http, families[chosen.XPANDER_API_FAMILY])
  const hosts = {
    provider: 'XPANDER',
    name: 'xpander',
    hosts: null,
    origins: context.trustedOrigins,
  } as const

  return {
    createLink: (request, call) => createLink({ connectors, hosts }, request, call),

    async checkLink({ connectorKey, connectorName, providerState }, call) {
      const { baseline, name, pendingId } = linkMemo.parse(providerState)
      const present = connectionsOf(await connectors.find(connectorKey, connectorName, call))
      // Whether the page keeps the name that the link asked for is not documented; where it does, there is no doubt.
      const named = present.find((connection) => connection.name === name)
      if (named) return { kind: 'completed', connection: named }
      const fresh = present.filter(
        ({ remoteId }) => remoteId === pendingId || baseline?.includes(remoteId) === false,
      )
      return fresh.length > 0 ? { kind: 'candidates', connections: fresh } : { kind: 'open' }
    },

    async getConnection({ remoteId, connectorKey }, call) {
      const connector = await connectors.find(connectorKey, null, call)
      return connectionsOf(connector).find((connection) => connection.remoteId === remoteId) ?? null
    },

    async *listConnections(_groups, call) {
      for await (const items of connectors.all(call)) yield items.flatMap(connectionsOf)
    },

    async *listConnectors(call) {
      for await (const items of connectors.all(call)) yield items.map(toConnector)
    },
  }
}

const validationAnswer = z.object({ detail: z.array(z.object({ type: z.string() })) })

/** Both a rate limit and a used-up plan are answered 429, and the body's shape is not fixed. */
const errorReader = (now: () => Date): ErrorReader => ({
  // The rest of a validation answer may repeat the credentials it was sent.
  code: (body) => validationAnswer.safeParse(body).data?.detail[0]?.type,
  isQuota({ headers, body }) {
    const saysWhen =
      headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      Number(headers['x-ratelimit-reset']) * 1000 > now().getTime()
    return !saysWhen && /billing|plan|quota|credit|limit reached/i.test(JSON.stringify(body) ?? '')
  },
})

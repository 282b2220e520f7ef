import { z } from 'zod'
import type { HttpClient } from '../../http/http-types.ts'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, required } from '../definition.ts'
import { createPaginate } from '../paginate.ts'
import { deleteConnection, getConnection, readConfigDescription, startSync } from './api.ts'
import { toConfigSchema, validateConfig } from './config-schema.ts'
import { toConnection } from './connection.ts'
import { diagnose } from './diagnose.ts'
import { createLink } from './link.ts'
import { listConnectors, listOtherGroup, listOwnGroup } from './lists.ts'
import { cardLifetimeSeconds, linkOptions } from './new-connection.ts'
import { checkLink, createReconnectLink } from './reconnect.ts'
import { useConnection } from './use.ts'
import { parseWebhook, registerWebhook } from './webhooks.ts'

const settings = z.object({
  FIVETRAN_API_KEY: required,
  FIVETRAN_API_SECRET: required,
  FIVETRAN_GROUP_ID: required,
  FIVETRAN_WEBHOOK_SECRET: z.string().optional(),
  FIVETRAN_BASE_URL: baseUrl('https://api.fivetran.com'),
})
type Settings = z.output<typeof settings>

type Options = z.output<typeof linkOptions>

export const fivetran = defineProvider({
  key: 'FIVETRAN',
  name: 'Fivetran',
  description: 'Fivetran: Connect Cards. Syncs data from sources into a data warehouse.',
  variables: Object.keys(settings.shape),
  credentials: ['FIVETRAN_API_KEY', 'FIVETRAN_API_SECRET', 'FIVETRAN_GROUP_ID'],
  ownVariables: ['FIVETRAN_API_KEY', 'FIVETRAN_API_SECRET', 'FIVETRAN_GROUP_ID'],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl) => ({
    FIVETRAN_API_KEY: 'sandbox-key',
    FIVETRAN_API_SECRET: 'sandbox-secret',
    FIVETRAN_GROUP_ID: 'sandbox_group',
    FIVETRAN_BASE_URL: `${sandboxUrl}/fivetran`,
  }),
  baseUrl: ({ FIVETRAN_BASE_URL }) => FIVETRAN_BASE_URL,
  accountKeyParts: ({ FIVETRAN_GROUP_ID }) => ['v1', FIVETRAN_GROUP_ID],
  capabilities: () => ({
    // Limit: 20 000 requests/hour for non-trial accounts, see fivetran.com/docs/rest-api/getting-started/rate-limiting
    pollsPerMinute: 60,
    checkedByList: ['CONNECT'],
    directions: ['SOURCE'],
    successRedirect: true,
    errorRedirect: false,
    embeddable: false, // X-Frame-Options: SAMEORIGIN
    reconnect: true,
    revokeLink: false,
    disconnect: true,
    completion: ['WEBHOOK', 'POLL'],
    linkLifetimeSeconds: { default: cardLifetimeSeconds, min: null, max: cardLifetimeSeconds },
  }),
  create: createFivetran,
})

/** The `providerState` that `startConnection` reads. */
const connectState = z.object({ startSync: z.boolean() })

function createFivetran(settings: Settings, context: AdapterContext): ProviderAdapter<Options> {
  const { FIVETRAN_GROUP_ID: group, FIVETRAN_WEBHOOK_SECRET: webhookSecret } = settings
  const http = createClient(settings, context)
  const { now, toGatewayTime, trustedOrigins: linkOrigins } = context
  const paginate = createPaginate({ provider: 'FIVETRAN', name: 'Fivetran', ...context })
  const deps = { http, paginate, group, now, toGatewayTime, linkOrigins }
  return {
    createLink: (request, call) => createLink(deps, request, call),
    checkLink: (link, call) => checkLink(deps, link, call),
    createReconnectLink: ({ remoteId }, request, call) =>
      createReconnectLink(deps, { remoteId, request }, call),
    parseWebhook: (delivery) =>
      parseWebhook({ ...delivery, secrets: [...delivery.secrets, webhookSecret ?? ''] }),
    async registerWebhook({ url, secret }, call) {
      // Prefer the operator's configured secret: other receivers of these events use it too.
      await registerWebhook(deps, { group, url, secret: webhookSecret || secret }, call)
      return {}
    },

    diagnose: ({ webhookUrl }, call) => diagnose(deps, webhookUrl, call),

    async getConnection({ remoteId }, call) {
      const connection = await getConnection(http, remoteId, call)
      return connection && toConnection(connection)
    },

    async *listConnections(groups, call) {
      yield* listOwnGroup(deps, group, call)
      for (const other of groups) if (other !== group) yield* listOtherGroup(deps, other, call)
    },

    listConnectors: (call) => listConnectors(deps, call),
    fetchConfigSchema: async (service, call) =>
      toConfigSchema(service, await readConfigDescription(http, service, call)),
    checkOptions: validateConfig,

    async startConnection(connection, providerState, call) {
      if (!connectState.parse(providerState).startSync) return connection
      await startSync(http, connection.remoteId, call)
      const started = await getConnection(http, connection.remoteId, call)
      return started ? toConnection(started) : connection
    },

    useConnection: ({ remoteId }) => useConnection(settings.FIVETRAN_BASE_URL, remoteId),

    async disconnect({ remoteId }, call) {
      return deleteConnection(http, remoteId, call)
    },
  }
}

function createClient(settings: Settings, { http }: AdapterContext): HttpClient {
  const secret = Buffer.from(`${settings.FIVETRAN_API_KEY}:${settings.FIVETRAN_API_SECRET}`).toString(
    'base64',
  )
  return http({
    provider: 'FIVETRAN',
    name: 'Fivetran',
    baseUrl: settings.FIVETRAN_BASE_URL,
    // Version 2 is the documented default of /connections; unknown versions get 406.
    authorization: {
      headers: async () => ({ authorization: `Basic ${secret}`, accept: 'application/json;version=2' }),
    },
    errorReader: { code: (body) => z.object({ code: z.string() }).safeParse(body).data?.code },
  })
}

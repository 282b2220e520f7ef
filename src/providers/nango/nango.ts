import { z } from 'zod'
import { isLoopbackHost } from '../../domain/loopback.ts'
import type { AdapterContext, LinkRequest, ProviderAdapter } from '../adapter.ts'
import { defineProvider, required, selfHostedBaseUrl } from '../definition.ts'
import { createPaginate } from '../paginate.ts'
import { deleteConnection, errorReader, findByLink, listConnections, readConnection } from './api.ts'
import { readConnectors } from './catalogue.ts'
import { checkLink } from './check-link.ts'
import { toConnection, toConnections } from './connection.ts'
import { diagnose } from './diagnose.ts'
import { createLink, createReconnectLink, isCloud, revokeLink } from './link.ts'
import { type LinkOptions, linkOptions, sessionLifetimeSeconds } from './session.ts'
import { useConnection } from './use.ts'
import { parseWebhook } from './webhook.ts'

const settings = z.object({
  NANGO_SECRET_KEY: required,
  NANGO_WEBHOOK_SECRET: required.optional(),
  NANGO_BASE_URL: selfHostedBaseUrl('https://api.nango.dev'),
})
type Settings = z.output<typeof settings>

export const nango = defineProvider({
  key: 'NANGO',
  name: 'Nango',
  description: 'Nango: connect sessions for the integrations of an environment, in its cloud or self-hosted.',
  variables: Object.keys(settings.shape),
  credentials: ['NANGO_SECRET_KEY'],
  ownVariables: ['NANGO_SECRET_KEY', 'NANGO_WEBHOOK_SECRET'],
  settings,
  linkOptions,
  publicOptions: ['userScopes'],
  freeOptions: ['connectionConfig', 'authorizationParams'],
  sandboxVariables: (sandboxUrl) => ({
    NANGO_SECRET_KEY: 'sandbox-key',
    NANGO_BASE_URL: `${sandboxUrl}/nango`,
  }),
  baseUrl: ({ NANGO_BASE_URL }) => NANGO_BASE_URL,
  accountKeyParts: () => [],
  // The key belongs to one environment, whose ID is not known.
  keyAccount: ({ NANGO_SECRET_KEY }) => ({ apiKey: NANGO_SECRET_KEY, name: undefined }),
  capabilities: ({ NANGO_BASE_URL }) => ({
    // Limit: 200 requests per minute.
    pollsPerMinute: 60,
    checkedByList: ['CONNECT'],
    directions: ['TOOL'],
    successRedirect: false,
    errorRedirect: false,
    embeddable: false,
    reconnect: true,
    revokeLink: true,
    disconnect: true,
    completion: ['WEBHOOK', 'POLL'],
    httpWebhooks: !isCloud(NANGO_BASE_URL),
    linkLifetimeSeconds: { default: sessionLifetimeSeconds, min: null, max: null },
  }),
  create: createNango,
})

function createNango(settings: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const { NANGO_SECRET_KEY: key, NANGO_BASE_URL: baseUrl } = settings
  const http = context.http({
    provider: 'NANGO',
    name: 'Nango',
    baseUrl,
    authorization: { headers: async () => ({ authorization: `Bearer ${key}` }) },
    errorReader,
  })
  const paginate = createPaginate({ provider: 'NANGO', name: 'Nango', ...context })
  const environment = { http, paginate }
  const deps = { environment, baseUrl, ...context }
  const reachable = withReachableWebhook(context.sandbox)
  return {
    createLink: (request, call) => createLink(deps, reachable(request), call),
    createReconnectLink: (reference, request, call) =>
      createReconnectLink(deps, reference, reachable(request), call),
    checkLink: (link, call) => checkLink(environment, link, call),
    recognizesLink: async ({ linkId }, _, call) => (await findByLink(environment, linkId, call)).length > 0,
    revokeLink: (link, call) => revokeLink(environment, link, call),
    parseWebhook: (delivery) => parseWebhook(delivery, settings.NANGO_WEBHOOK_SECRET ?? key),

    async getConnection(reference, call) {
      const response = await readConnection(environment, reference, call)
      return response && toConnection(response)
    },

    async *listConnections(_groups, call) {
      for await (const page of listConnections(environment, { kind: 'SYNC' }, call)) yield toConnections(page)
    },

    async *listConnectors(call) {
      yield await readConnectors(http, call)
    },

    disconnect: (reference, call) => deleteConnection(environment, reference, call),
    useConnection: (connection) => useConnection(settings.NANGO_BASE_URL, connection),
    diagnose: ({ isThorough }, call) => diagnose(http, isThorough, call),
  }
}

/** SEEN: Nango refuses webhook URLs of its own machine. The sandbox does not. */
const withReachableWebhook =
  (sandbox: boolean) =>
  (request: LinkRequest<LinkOptions>): LinkRequest<LinkOptions> => {
    const { webhookUri } = request
    const isRefused = !sandbox && webhookUri !== null && isLoopbackHost(new URL(webhookUri).hostname)
    return isRefused ? { ...request, webhookUri: null } : request
  }

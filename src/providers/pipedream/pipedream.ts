import { z } from 'zod'
import type { AdapterContext, Diagnosis, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, oneOf, required } from '../definition.ts'
import { createPaginate } from '../paginate.ts'
import { connectionOf, deleteAccount, findAccount, listAccounts, listApps } from './api.ts'
import { createFindSlug } from './app-slugs.ts'
import { checkLink } from './check-link.ts'
import { createClient } from './client.ts'
import { type LinkOptions, linkOptions, tokenLifetimeSeconds } from './connect-token.ts'
import { createLink, createReconnectLink } from './link.ts'
import { useAccount } from './use.ts'
import { parseWebhook } from './webhook.ts'

const settings = z.object({
  PIPEDREAM_CLIENT_ID: required,
  PIPEDREAM_CLIENT_SECRET: required,
  PIPEDREAM_PROJECT_ID: required,
  PIPEDREAM_ENVIRONMENT: oneOf(['development', 'production'], 'development'),
  PIPEDREAM_BASE_URL: baseUrl('https://api.pipedream.com'),
})
type Settings = z.output<typeof settings>

export const pipedream = defineProvider({
  key: 'PIPEDREAM',
  name: 'Pipedream',
  description: 'Pipedream Connect: Connect tokens. Accounts of apps for workflows and AI agents.',
  variables: Object.keys(settings.shape),
  credentials: ['PIPEDREAM_CLIENT_ID', 'PIPEDREAM_CLIENT_SECRET', 'PIPEDREAM_PROJECT_ID'],
  ownVariables: [
    'PIPEDREAM_CLIENT_ID',
    'PIPEDREAM_CLIENT_SECRET',
    'PIPEDREAM_PROJECT_ID',
    'PIPEDREAM_ENVIRONMENT',
  ],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl) => ({
    PIPEDREAM_CLIENT_ID: 'sandbox-client',
    PIPEDREAM_CLIENT_SECRET: 'sandbox-secret',
    PIPEDREAM_PROJECT_ID: 'proj_sandbox',
    PIPEDREAM_BASE_URL: `${sandboxUrl}/pipedream`,
  }),
  baseUrl: ({ PIPEDREAM_BASE_URL }) => PIPEDREAM_BASE_URL,
  // Accounts of one environment are not visible in the other.
  accountKeyParts: ({ PIPEDREAM_PROJECT_ID, PIPEDREAM_ENVIRONMENT }) => [
    'v1',
    PIPEDREAM_PROJECT_ID,
    PIPEDREAM_ENVIRONMENT,
  ],
  capabilities: () => ({
    // Limit: 2 000 account reads per five minutes, see pipedream.com/docs/connect/api-reference/rate-limits
    pollsPerMinute: 100,
    checkedByList: ['CONNECT'],
    directions: ['TOOL'],
    successRedirect: true,
    errorRedirect: true,
    embeddable: false,
    reconnect: true,
    revokeLink: false,
    disconnect: true,
    completion: ['WEBHOOK', 'POLL'],
    linkLifetimeSeconds: { default: tokenLifetimeSeconds, min: 1, max: tokenLifetimeSeconds },
  }),
  create: createPipedream,
})

function createPipedream(settings: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const { PIPEDREAM_ENVIRONMENT: environment } = settings
  const client = {
    baseUrl: settings.PIPEDREAM_BASE_URL,
    environment,
    clientId: settings.PIPEDREAM_CLIENT_ID,
    clientSecret: settings.PIPEDREAM_CLIENT_SECRET,
  }
  const http = createClient(client, context)
  const paginate = createPaginate({ provider: 'PIPEDREAM', name: 'Pipedream', ...context })
  const project = { http, paginate, findSlug: createFindSlug(http), id: settings.PIPEDREAM_PROJECT_ID }
  const deps = { project, environment, now: context.now, linkOrigins: context.trustedOrigins }
  return {
    createLink: (request, call) => createLink(deps, request, call),
    createReconnectLink: ({ remoteId }, request, call) =>
      createReconnectLink(deps, { remoteId, request }, call),
    checkLink: (link, call) => checkLink(project, link, call),
    parseWebhook,

    diagnose: async () => (context.sandbox ? [] : [diagnoseEnvironment(environment)]),

    async getConnection({ remoteId }, call) {
      const account = await findAccount(project, remoteId, call)
      return account && connectionOf(project, account, call)
    },

    listConnections: (_groups, call) => listAccounts(project, { kind: 'SYNC', filter: {} }, call),
    listConnectors: (call) => listApps(project, call),
    useConnection: (connection) => useAccount({ ...client, projectId: project.id }, connection),
    disconnect: ({ remoteId }, call) => deleteAccount(project, remoteId, call),
  }
}

/** SEEN in the guide on environments: the limits of `development`. */
function diagnoseEnvironment(environment: Settings['PIPEDREAM_ENVIRONMENT']): Diagnosis {
  const check = 'API version'
  if (environment === 'production')
    return { check, status: 'PASS', message: 'The environment is production.' }
  const message =
    'The environment is development, for ten end users at most who are signed in to pipedream.com: set PIPEDREAM_ENVIRONMENT=production before others connect.'
  return { check, status: 'WARN', message }
}

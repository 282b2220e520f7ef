import { z } from 'zod'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, oneOf, required } from '../definition.ts'
import { toConnection } from './account.ts'
import { findAccount, listAccounts, listApps, removeAccount } from './api.ts'
import { checkLink } from './check-link.ts'
import { createClient } from './client.ts'
import { type LinkOptions, linkOptions, tokenLifeSeconds } from './connect-token.ts'
import { createLink, createReconnectLink } from './link.ts'
import { readDelivery } from './webhook.ts'

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
  variables: Object.keys(settings.shape),
  credentials: ['PIPEDREAM_CLIENT_ID', 'PIPEDREAM_CLIENT_SECRET', 'PIPEDREAM_PROJECT_ID'],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl) => ({
    PIPEDREAM_CLIENT_ID: 'sandbox-client',
    PIPEDREAM_CLIENT_SECRET: 'sandbox-secret',
    PIPEDREAM_PROJECT_ID: 'proj_sandbox',
    PIPEDREAM_BASE_URL: `${sandboxUrl}/pipedream`,
  }),
  baseUrl: ({ PIPEDREAM_BASE_URL }) => PIPEDREAM_BASE_URL,
  // Accounts of one environment are invisible in the other.
  accountKeyParts: ({ PIPEDREAM_PROJECT_ID, PIPEDREAM_ENVIRONMENT }) => [
    'v1',
    PIPEDREAM_PROJECT_ID,
    PIPEDREAM_ENVIRONMENT,
  ],
  capabilities: () => ({
    // Of 2 000 reads of accounts in five minutes: pipedream.com/docs/connect/api-reference/rate-limits
    pollsPerMinute: 100,
    directions: ['TOOL'],
    successRedirect: true,
    errorRedirect: true,
    embeddable: false,
    reconnect: true,
    revokeLink: false,
    disconnect: true,
    completion: ['WEBHOOK', 'POLL'],
    linkLifetimeSeconds: { default: tokenLifeSeconds, min: 1, max: tokenLifeSeconds },
  }),
  create: createPipedream,
})

function createPipedream(chosen: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const { PIPEDREAM_ENVIRONMENT: environment } = chosen
  const client = {
    baseUrl: chosen.PIPEDREAM_BASE_URL,
    environment,
    clientId: chosen.PIPEDREAM_CLIENT_ID,
    clientSecret: chosen.PIPEDREAM_CLIENT_SECRET,
  }
  const project = { http: createClient(client, context), id: chosen.PIPEDREAM_PROJECT_ID }
  const deps = { project, environment, now: context.now, linkOrigins: context.trustedOrigins }
  return {
    createLink: (request, call) => createLink(deps, request, call),
    createReconnectLink: ({ remoteId }, request, call) =>
      createReconnectLink(deps, { remoteId, request }, call),
    checkLink: (link, call) => checkLink(project, link, call),
    parseWebhook: readDelivery,

    async getConnection({ remoteId }, call) {
      const account = await findAccount(project, remoteId, call)
      return account && toConnection(account)
    },

    listConnections: (_groups, call) => listAccounts(project, {}, call),
    listConnectors: (call) => listApps(project, call),
    disconnect: ({ remoteId }, call) => removeAccount(project, remoteId, call),
  }
}

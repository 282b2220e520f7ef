import { z } from 'zod'
import { baseUrl, defineProvider, oneOf, required } from '../definition.ts'
import { believedLink } from '../link-url.ts'
import type { AdapterContext, ProviderAdapter } from '../provider.ts'
import { accountsOf, getAccount, listAccounts, listApps, mintToken, removeAccount } from './calls.ts'
import { createClient } from './client.ts'
import { type LinkOptions, linkOptions, linkToApp, tokenExpiry, tokenLifeSeconds } from './connect-token.ts'

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
  scope: ({ PIPEDREAM_PROJECT_ID, PIPEDREAM_ENVIRONMENT }) => [
    'v1',
    PIPEDREAM_PROJECT_ID,
    PIPEDREAM_ENVIRONMENT,
  ],
  capabilities: () => ({
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

/** The accounts that this user had for this app before the link. */
const memoAnswer = z.object({ baseline: z.array(z.string()) })

function createPipedream(chosen: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const { PIPEDREAM_ENVIRONMENT: environment } = chosen
  const client = {
    baseUrl: chosen.PIPEDREAM_BASE_URL,
    environment,
    clientId: chosen.PIPEDREAM_CLIENT_ID,
    clientSecret: chosen.PIPEDREAM_CLIENT_SECRET,
  }
  const project = { http: createClient(client, context), id: chosen.PIPEDREAM_PROJECT_ID }
  const hosts = {
    provider: 'PIPEDREAM',
    name: 'Pipedream',
    hosts: ['pipedream.com'],
    origins: context.linkOrigins,
  } as const

  return {
    async createLink(request, call) {
      const { connectorKey, endUser } = request
      // The token's answer names no account: what is there already has to be known.
      const before = await accountsOf(project, { connectorKey, endUserId: endUser.id }, call)
      const { connect_link_url, expires_at } = await mintToken(project, request, call)
      return {
        kind: 'open',
        url: linkToApp(believedLink(connect_link_url, hosts), request),
        expiry: tokenExpiry(expires_at, context.now()),
        // In development the end user has to be signed in at pipedream.com in the same browser.
        requiresProviderLogin: environment === 'development',
        instructions: null,
        // The token alone opens the link: it stays inside the url.
        remoteLinkId: null,
        remoteGroup: null,
        halfMade: null,
        memo: { baseline: before.map(({ remoteId }) => remoteId) },
      }
    },

    async checkLink(link, call) {
      const { baseline } = memoAnswer.parse(link.memo)
      const present = await accountsOf(project, link, call)
      const connections = present.filter(({ remoteId }) => !baseline.includes(remoteId))
      return connections.length > 0 ? { kind: 'candidates', connections } : { kind: 'open' }
    },

    getConnection: ({ remoteId }, call) => getAccount(project, remoteId, call),
    listConnections: (_groups, call) => listAccounts(project, {}, call),
    listConnectors: (call) => listApps(project, call),
    disconnect: ({ remoteId }, call) => removeAccount(project, remoteId, call),
  }
}

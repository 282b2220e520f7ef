import { z } from 'zod'
import type { ErrorReader } from '../../http/error-response.ts'
import { accountName } from '../account-key.ts'
import type { AdapterContext, ProviderAdapter } from '../adapter.ts'
import { baseUrl, defineProvider, required } from '../definition.ts'
import { createPaginate } from '../paginate.ts'
import { mapPage } from '../rows.ts'
import { toConnection } from './account.ts'
import {
  deleteAccount,
  findAccount,
  findToolkit,
  type LinkOptions,
  linkOptions,
  listAccounts,
  listAuthConfigs,
  listToolkits,
} from './api.ts'
import { type AuthConfig, defaultOf } from './auth-config.ts'
import { checkLink, connectState } from './check-link.ts'
import { createLink, createReconnectLink, linkLifetimeSeconds } from './link.ts'
import { toConfigSchema, toConnector } from './toolkit.ts'
import { useAccount } from './use.ts'
import { parseWebhook, registerWebhook } from './webhooks.ts'

const settings = z.object({
  COMPOSIO_API_KEY: required,
  COMPOSIO_ACCOUNT: accountName,
  COMPOSIO_WEBHOOK_SECRET: z.string().optional(),
  COMPOSIO_BASE_URL: baseUrl('https://backend.composio.dev'),
})
type Settings = z.output<typeof settings>

export const composio = defineProvider({
  key: 'COMPOSIO',
  name: 'Composio',
  description: 'Composio: Connect Links. Accounts of toolkits for AI agents.',
  variables: Object.keys(settings.shape),
  credentials: ['COMPOSIO_API_KEY'],
  ownVariables: ['COMPOSIO_API_KEY'],
  settings,
  linkOptions,
  publicOptions: ['authConfigId'],
  freeOptions: ['connectionData'],
  sandboxVariables: (sandboxUrl) => ({
    COMPOSIO_API_KEY: 'sandbox-key',
    COMPOSIO_WEBHOOK_SECRET: 'sandbox-webhook-secret',
    COMPOSIO_BASE_URL: `${sandboxUrl}/composio`,
  }),
  baseUrl: ({ COMPOSIO_BASE_URL }) => COMPOSIO_BASE_URL,
  accountKeyParts: () => [],
  // The key belongs to one project, whose ID is not known.
  keyAccount: ({ COMPOSIO_API_KEY, COMPOSIO_ACCOUNT }) => ({
    apiKey: COMPOSIO_API_KEY,
    name: COMPOSIO_ACCOUNT,
  }),
  capabilities: () => ({
    // Limit of the smallest plan: 2 000 requests per minute, see docs.composio.dev/reference/rate-limits
    pollsPerMinute: 100,
    // The list does not show why a link has failed.
    checkedByList: [],
    directions: ['TOOL'],
    successRedirect: true,
    errorRedirect: false, // one address for both
    embeddable: false,
    reconnect: true,
    revokeLink: false,
    disconnect: true,
    // SEEN in the list of webhook events: none reports that an account was connected.
    completion: ['POLL'],
    linkLifetimeSeconds: { default: linkLifetimeSeconds, min: null, max: linkLifetimeSeconds },
  }),
  create: createComposio,
})

function createComposio(settings: Settings, context: AdapterContext): ProviderAdapter<LinkOptions> {
  const http = context.http({
    provider: 'COMPOSIO',
    name: 'Composio',
    baseUrl: settings.COMPOSIO_BASE_URL,
    authorization: { headers: async () => ({ 'x-api-key': settings.COMPOSIO_API_KEY }) },
    errorReader,
  })
  const api = { http, paginate: createPaginate({ provider: 'COMPOSIO', name: 'Composio', ...context }) }
  const deps = { api, now: context.now, linkOrigins: context.trustedOrigins }
  return {
    createLink: (request, call) => createLink(deps, request, call),
    createReconnectLink: ({ remoteId }, request, call) =>
      createReconnectLink(deps, { remoteId, request }, call),
    checkLink: (link, call) => checkLink(api, link, call),
    // IDs of accounts are random: another project has no account with this one.
    recognizesLink: async ({ providerState }, _, call) =>
      (await findAccount(api, connectState.parse(providerState).accountId, call)) !== null,
    parseWebhook: (delivery) => parseWebhook(delivery, settings.COMPOSIO_WEBHOOK_SECRET, context),
    registerWebhook: ({ url }, call) => registerWebhook(api, url, call),

    async getConnection({ remoteId }, call) {
      const account = await findAccount(api, remoteId, call)
      return account && toConnection(account)
    },

    listConnections: (_groups, call) => listAccounts(api, call),

    async *listConnectors(call) {
      const usable = byToolkit(await listAuthConfigs(api, { kind: 'SYNC' }, call))
      for await (const page of listToolkits(api, call))
        yield mapPage(page, (one) => toConnector(one, usable.get(one.slug) ?? []))
    },

    async fetchConfigSchema(slug, call) {
      const used = defaultOf(await listAuthConfigs(api, { kind: 'CALL', toolkit: slug }, call))
      const toolkit = used && (await findToolkit(api, slug, call))
      return toolkit ? toConfigSchema(toolkit, used.auth_scheme) : null
    },

    useConnection: (connection) => useAccount(settings.COMPOSIO_BASE_URL, connection),
    disconnect: ({ remoteId }, call) => deleteAccount(api, remoteId, call),
  }
}

function byToolkit(authConfigs: readonly AuthConfig[]): ReadonlyMap<string, readonly AuthConfig[]> {
  const grouped = new Map<string, AuthConfig[]>()
  for (const one of authConfigs)
    grouped.set(one.toolkit.slug, [...(grouped.get(one.toolkit.slug) ?? []), one])
  return grouped
}

const errorResponse = z.object({ error: z.object({ slug: z.string() }) })

/** The rest of an error may repeat the input. */
const errorReader: ErrorReader = { code: (body) => errorResponse.safeParse(body).data?.error.slug }

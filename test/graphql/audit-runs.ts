import { type TestGateway, testApiKey } from '../helpers/gateway.ts'
import { createBrowser } from '../server/pages/browser.ts'
import { webhookRuns } from './audit-webhook-runs.ts'
import { approveIn, asApiKey, createGuardedLink, newPkce, openIn } from './guarded.ts'
import { createConnection, createLinkOrThrow } from './open.ts'
import { createAccountOrThrow, credentials } from './provider-accounts.ts'

const agent = { authorization: `Bearer ${testApiKey}`, 'user-agent': 'audit-test/1' }
const endUser = { id: 'user-1' }
const linkInput = { connector: 'github', endUser }
const { codeVerifier, codeChallenge } = newPkce()

/** Completes a link with the guard CONFIRM; returns its ID. */
async function heldLink(gateway: TestGateway): Promise<string> {
  const input = { guard: 'CONFIRM', codeChallenge, endUser, redirectUri: 'https://app.example.com/done' }
  const { id, url } = await createGuardedLink(asApiKey(gateway), 'PIPEDREAM', input)
  const browser = createBrowser()
  await approveIn(browser, await openIn(browser, url))
  return id
}

const connected = (gateway: TestGateway) => createConnection(gateway, 'PIPEDREAM')
const withId = (name: string) => (gateway: TestGateway, id: string) =>
  gateway.post(`mutation ($id: ID!) { ${name}(id: $id) { __typename ... on Error { code } } }`, { id }, agent)

const createKey = `mutation { createApiKey(input: { name: "a", scopes: ["links:read"] }) {
  __typename ... on CreateApiKeyPayload { apiKey { id } } ... on Error { code } } }`
const createdKey = async ({ post }: TestGateway) =>
  /"id":"([^"]+)"/.exec(await (await post(createKey)).text())?.[1] ?? ''

const settings = credentials.FIVETRAN('acme')
const accountSettings = Object.entries(settings).map(([name, value]) => ({ name, value }))
const createdAccount = (gateway: TestGateway) =>
  createAccountOrThrow(gateway, { provider: 'FIVETRAN', settings })

const suspend = `mutation { suspendProvider(provider: CENSUS, reason: "Incident 42") {
  __typename ... on SuspendProviderPayload { providerSuspension { id } } ... on Error { code } } }`

interface Run {
  /** Returns the ID that `run` is called with. */
  prepare?(gateway: TestGateway): Promise<string>
  /** Calls the mutation so that it succeeds. */
  run(gateway: TestGateway, id: string): Promise<Response>
  readonly endUserId?: null
  /** The types of the targets. */
  readonly targets: readonly string[]
}

/** One successful call of each mutation. */
export const runs: Readonly<Record<string, Run>> = {
  ...webhookRuns,
  createConnectLink: {
    run: ({ post }) =>
      post(
        `mutation ($input: CreateConnectLinkInput!) {
          createConnectLink(provider: PIPEDREAM, input: $input) { __typename ... on Error { code } } }`,
        { input: linkInput },
        agent,
      ),
    targets: ['ConnectLink'],
  },
  createConnectLinks: {
    run: ({ post }) =>
      post(
        `mutation ($inputs: [CreateConnectLinksInput!]!) {
          createConnectLinks(inputs: $inputs) { __typename ... on Error { code } } }`,
        { inputs: [{ provider: 'PIPEDREAM', input: linkInput }] },
        agent,
      ),
    targets: ['ConnectLink'],
  },
  claimConnectLink: {
    prepare: async (gateway) => (await createGuardedLink(asApiKey(gateway), 'PIPEDREAM', { endUser })).id,
    run: withId('claimConnectLink'),
    targets: ['ConnectLink'],
  },
  confirmConnectLink: {
    prepare: heldLink,
    run: ({ post }, id) =>
      post(
        `mutation ($id: ID!, $codeVerifier: String) {
          confirmConnectLink(id: $id, codeVerifier: $codeVerifier) { __typename ... on Error { code } } }`,
        { id, codeVerifier },
        agent,
      ),
    targets: ['ConnectLink'],
  },
  revokeConnectLink: {
    prepare: async (gateway) => (await createLinkOrThrow(gateway, 'PIPEDREAM')).id,
    run: withId('revokeConnectLink'),
    targets: ['ConnectLink'],
  },
  cancelConnectLinkAttempt: {
    prepare: async (gateway) => (await createLinkOrThrow(gateway, 'PIPEDREAM')).id,
    run: withId('cancelConnectLinkAttempt'),
    targets: ['ConnectLink'],
  },
  handOverConnectLink: {
    prepare: async (gateway) => (await createLinkOrThrow(gateway, 'PIPEDREAM')).id,
    run: withId('handOverConnectLink'),
    targets: ['ConnectLink'],
  },
  takeBackConnectLink: {
    prepare: async (gateway) => (await createLinkOrThrow(gateway, 'PIPEDREAM')).id,
    run: withId('takeBackConnectLink'),
    targets: ['ConnectLink'],
  },
  reconnectConnection: {
    prepare: connected,
    run: withId('reconnectConnection'),
    targets: ['ConnectLink', 'Connection'],
  },
  disconnectConnection: {
    prepare: connected,
    run: withId('disconnectConnection'),
    targets: ['Connection'],
  },
  refreshConnection: {
    prepare: connected,
    run: withId('refreshConnection'),
    targets: ['Connection'],
  },
  assignConnection: {
    prepare: (gateway) => createConnection(gateway, 'CENSUS'),
    run: ({ post }, id) =>
      post(
        `mutation ($id: ID!) { assignConnection(id: $id, endUser: { id: "user-1" }) { __typename ... on Error { code } } }`,
        { id },
        agent,
      ),
    targets: ['Connection'],
  },
  createProviderAccount: {
    run: ({ post }) =>
      post(
        `mutation ($input: CreateProviderAccountInput!) {
          createProviderAccount(input: $input) { __typename ... on Error { code } } }`,
        { input: { provider: 'FIVETRAN', organizationId: 'acme', name: 'Acme', settings: accountSettings } },
        agent,
      ),
    endUserId: null,
    targets: ['ProviderAccount'],
  },
  rotateProviderAccount: {
    prepare: createdAccount,
    run: ({ post }, id) =>
      post(
        `mutation ($id: ID!) {
          rotateProviderAccount(id: $id, settings: []) { __typename ... on Error { code } } }`,
        { id },
        agent,
      ),
    endUserId: null,
    targets: ['ProviderAccount'],
  },
  removeProviderAccount: {
    prepare: createdAccount,
    run: withId('removeProviderAccount'),
    endUserId: null,
    targets: ['ProviderAccount'],
  },
  suspendProvider: {
    run: ({ post }) => post(suspend, {}, agent),
    endUserId: null,
    targets: ['ProviderSuspension'],
  },
  resumeProvider: {
    prepare: async ({ post }) => /"id":"([^"]+)"/.exec(await (await post(suspend)).text())?.[1] ?? '',
    run: withId('resumeProvider'),
    endUserId: null,
    targets: ['ProviderSuspension'],
  },
  refreshConnectors: {
    run: ({ post }) =>
      post(
        'mutation { refreshConnectors(providers: [PIPEDREAM]) { __typename ... on Error { code } } }',
        {},
        agent,
      ),
    endUserId: null,
    targets: ['Provider'],
  },
  createApiKey: {
    run: ({ post }) => post(createKey, {}, agent),
    endUserId: null,
    targets: ['ApiKey'],
  },
  rotateApiKey: {
    prepare: createdKey,
    run: withId('rotateApiKey'),
    endUserId: null,
    targets: ['ApiKey'],
  },
  revokeApiKey: {
    prepare: createdKey,
    run: withId('revokeApiKey'),
    endUserId: null,
    targets: ['ApiKey'],
  },
  createSession: {
    run: ({ post }) =>
      post(
        'mutation { createSession(input: { endUser: { id: "user-1" } }) { __typename ... on Error { code } } }',
        {},
        agent,
      ),
    targets: ['Session'],
  },
  revokeSessions: {
    run: ({ post }) =>
      post(
        'mutation { revokeSessions(endUserId: "user-1") { __typename ... on Error { code } } }',
        {},
        agent,
      ),
    targets: [],
  },
}

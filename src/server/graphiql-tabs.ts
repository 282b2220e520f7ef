import { readdirSync, readFileSync } from 'node:fs'

/** A tab of GraphiQL. */
export interface Tab {
  readonly query: string
  readonly variables: string
}

/** The initial tabs of GraphiQL: the documents of `schema/operations`, with example variables. */
export function publishedOperations(): readonly Tab[] {
  const folder = new URL('../../schema/operations/', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort((a, b) => tabOrder(a) - tabOrder(b))
    .map((file) => ({
      query: readFileSync(new URL(file, folder), 'utf8'),
      variables: variablesOf(file),
    }))
}

const endUser = { id: 'user-1', name: 'Ada Lovelace' }

/**
 * Variables with which each document can be executed as it is. An ID has to be replaced: that of an object in the store
 * would let one click revoke or disconnect it.
 */
const exampleVariables: Readonly<Record<string, object>> = {
  application: { slug: 'hubspot' },
  applications: { search: 'hubspot', linkableOnly: true, first: 20 },
  'api-keys': { first: 20 },
  'cancel-connect-link-attempt': { id: '<ID of a link>' },
  'claim-connect-link': { id: '<ID of a link with the guard SAME_BROWSER>' },
  'confirm-connect-link': { id: '<ID of a link with a guard>', code: '123456' },
  'connect-link': { id: '<ID of a link>' },
  'connect-link-updated': { id: null },
  connections: { filter: { statuses: ['ACTIVE', 'NEEDS_ATTENTION'] }, first: 20 },
  connectors: { search: 'hubspot', first: 20 },
  'create-api-key': { input: { name: 'Backend', scopes: ['links:read', 'links:write'] } },
  'create-connect-link': { provider: 'PIPEDREAM', input: { connector: 'github', endUser } },
  'create-connect-link-with-selection': { input: { connector: 'hubspot', endUser } },
  'create-provider-account': {
    input: {
      provider: 'PIPEDREAM',
      organizationId: 'acme',
      name: 'Acme at Pipedream',
      // Those of an account of the sandbox.
      settings: [
        { name: 'CLIENT_ID', value: 'sandbox-client_acme' },
        { name: 'CLIENT_SECRET', value: 'sandbox-secret_acme' },
        { name: 'PROJECT_ID', value: 'proj_sandbox_acme' },
      ],
    },
  },
  'create-portal-session': { input: { endUser } },
  'create-webhook-endpoint': { input: { url: 'https://app.example.com/webhooks' } },
  'delete-webhook-endpoint': { id: '<ID of a webhook endpoint>' },
  'create-session': { input: { endUser, expiresInSeconds: 900 } },
  'disconnect-connection': { id: '<ID of a connection>' },
  exposure: { provider: 'CENSUS', from: '2026-11-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
  funnel: { from: '2026-11-01T00:00:00Z', to: '2027-01-01T00:00:00Z', groupBy: 'PROVIDER' },
  'hand-over-connect-link': { id: '<ID of a link>', input: { message: 'Can you connect this?' } },
  'plan-connect-link': { input: { connector: 'hubspot', endUser } },
  'provider-accounts': { first: 20 },
  'redeliver-webhook': { id: '<ID of a webhook message>' },
  'reconnect-connection': { id: '<ID of a connection>', input: { expiresInSeconds: 3600 } },
  'refresh-connection': { id: '<ID of a connection>' },
  'remove-provider-account': { id: '<ID of a provider account>' },
  'resume-provider': { id: '<ID of a suspension>' },
  'suspend-provider': { provider: 'CENSUS', reason: 'Incident 42', reads: 'CONTINUE' },
  'provider-suspensions': { isActive: true, first: 20 },
  'revoke-api-key': { id: '<ID of an API key>' },
  'revoke-connect-link': { id: '<ID of a link>' },
  'revoke-sessions': { endUserId: 'user-1' },
  'rotate-api-key': { id: '<ID of an API key>', overlapSeconds: 86_400 },
  'rotate-webhook-secret': { id: '<ID of a webhook endpoint>', overlapSeconds: 86_400 },
  'send-test-webhook': { endpointId: '<ID of a webhook endpoint>' },
  'take-back-connect-link': { id: '<ID of a link>' },
  'update-webhook-endpoint': { id: '<ID of a webhook endpoint>', input: { thin: true } },
  'webhook-messages': { endpointId: '<ID of a webhook endpoint>', first: 20 },
  'rotate-provider-account': { id: '<ID of a provider account>', settings: [] },
}

const variablesOf = (file: string): string => {
  const variables = exampleVariables[file.replace(/\.graphql$/, '')]
  return variables === undefined ? '' : JSON.stringify(variables, null, 2)
}

const firstTabs = [
  'create-connect-link.graphql',
  'create-connect-link-with-selection.graphql',
  'plan-connect-link.graphql',
  'connections.graphql',
  'connectors.graphql',
  'applications.graphql',
]
const tabOrder = (file: string) => (firstTabs.includes(file) ? firstTabs.indexOf(file) : firstTabs.length)

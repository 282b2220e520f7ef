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
      variables: exampleVariables[file] ?? '',
    }))
}

const exampleVariables: Readonly<Record<string, string>> = {
  'create-connect-link.graphql': JSON.stringify(
    {
      provider: 'PIPEDREAM',
      input: { connector: 'github', endUser: { id: 'user-1', name: 'Ada Lovelace' } },
    },
    null,
    2,
  ),
  'create-connect-link-with-selection.graphql': JSON.stringify(
    { input: { connector: 'hubspot', endUser: { id: 'user-1', name: 'Ada Lovelace' } } },
    null,
    2,
  ),
  'connections.graphql': JSON.stringify({ first: 20 }, null, 2),
  'connectors.graphql': JSON.stringify({ search: 'hubspot', first: 20 }, null, 2),
  'connect-link.graphql': JSON.stringify({ id: '' }, null, 2),
  'create-api-key.graphql': JSON.stringify(
    { input: { name: 'Backend', scopes: ['links:read', 'links:write'] } },
    null,
    2,
  ),
  'create-session.graphql': JSON.stringify(
    { input: { endUser: { id: 'user-1', name: 'Ada Lovelace' }, expiresInSeconds: 900 } },
    null,
    2,
  ),
  'create-portal-session.graphql': JSON.stringify(
    { input: { endUser: { id: 'user-1', name: 'Ada Lovelace' } } },
    null,
    2,
  ),
  'disconnect-connection.graphql': JSON.stringify({ id: '' }, null, 2),
  'plan-connect-link.graphql': JSON.stringify(
    { input: { connector: 'hubspot', endUser: { id: 'user-1', name: 'Ada Lovelace' } } },
    null,
    2,
  ),
}

const firstTabs = [
  'create-connect-link.graphql',
  'create-connect-link-with-selection.graphql',
  'plan-connect-link.graphql',
  'connections.graphql',
  'connectors.graphql',
]
const tabOrder = (file: string) => (firstTabs.includes(file) ? firstTabs.indexOf(file) : firstTabs.length)

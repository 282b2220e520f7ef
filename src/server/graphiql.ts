import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { GraphiQLOptions } from 'graphql-yoga'

const loopbackPeer = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/
const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/** The request comes from this machine and asks for this machine by name: no proxy, no page of another site in between. */
export function isLocal(request: IncomingMessage): boolean {
  const { host, forwarded, 'x-forwarded-for': forwardedFor, 'x-real-ip': realIp, via } = request.headers
  const isProxied = [forwarded, forwardedFor, realIp, via].some((header) => header !== undefined)
  return loopbackPeer.test(request.socket.remoteAddress ?? '') && loopbackName.test(host ?? '') && !isProxied
}

export interface Tab {
  readonly query: string
  readonly variables: string
}

/** GraphiQL with the published operations as tabs; the key is filled in only where it is given. */
export function graphiqlOptions(tabs: readonly Tab[], apiKey: string | null): GraphiQLOptions {
  const headers = JSON.stringify({ authorization: `Bearer ${apiKey ?? '<your API key>'}` }, null, 2)
  return {
    title: 'Connect Gateway',
    defaultTabs: tabs.map((tab) => ({ ...tab, headers })),
    defaultHeaders: headers,
    // Without it the first tab opens with an empty variables editor.
    ...(tabs[0] && { variables: tabs[0].variables }),
    shouldPersistHeaders: false,
    // The page itself asks for the schema before anybody has opened a tab.
    additionalHeaders: {
      // It asks for subscriptions with GET, which only a page of our own may do.
      'x-graphql-yoga-csrf': 'graphiql',
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  }
}

/** What GraphiQL opens with: the documents that are published with the schema, with variables to start from. */
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
  'create-session.graphql': JSON.stringify(
    { input: { endUser: { id: 'user-1', name: 'Ada Lovelace' }, expiresInSeconds: 900 } },
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

const first = [
  'create-connect-link.graphql',
  'create-connect-link-with-selection.graphql',
  'plan-connect-link.graphql',
  'connections.graphql',
  'connectors.graphql',
]
const tabOrder = (file: string) => (first.includes(file) ? first.indexOf(file) : first.length)

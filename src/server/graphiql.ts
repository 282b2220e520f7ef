import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { GraphiQLOptions } from 'graphql-yoga'
import { isLoopbackHost } from '../domain/loopback.ts'

/** A socket address, not a host of a URL: IPv6 without brackets, and IPv4-mapped IPv6 of dual-stack sockets. */
const loopbackAddress = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/

/**
 * Whether the request was sent from this machine to a loopback host name, not through a proxy. The check of the `Host`
 * header excludes pages of other sites (DNS rebinding).
 */
export function isLocal(request: IncomingMessage): boolean {
  const { host, forwarded, 'x-forwarded-for': forwardedFor, 'x-real-ip': realIp, via } = request.headers
  const isProxied = [forwarded, forwardedFor, realIp, via].some((header) => header !== undefined)
  const isFromLoopback = loopbackAddress.test(request.socket.remoteAddress ?? '')
  return isFromLoopback && isLoopbackHost(hostnameOf(host ?? '')) && !isProxied
}

/**
 * The host name in a `Host` header, without normalizing it as a URL parser does: "127.1" must not become "127.0.0.1".
 */
const hostnameOf = (hostHeader: string) => hostHeader.replace(/:\d+$/, '').toLowerCase()

export interface Tab {
  readonly query: string
  readonly variables: string
}

/** GraphiQL with the published operations as tabs. `apiKey` is filled into the headers; `null`: a placeholder. */
export function graphiqlOptions(tabs: readonly Tab[], apiKey: string | null): GraphiQLOptions {
  const headers = JSON.stringify({ authorization: `Bearer ${apiKey ?? '<your API key>'}` }, null, 2)
  return {
    title: 'Connect Gateway',
    defaultTabs: tabs.map((tab) => ({ ...tab, headers })),
    defaultHeaders: headers,
    // Without this the first tab opens with an empty variables editor.
    ...(tabs[0] && { variables: tabs[0].variables }),
    shouldPersistHeaders: false,
    // GraphiQL queries the schema before a tab with its headers is opened.
    additionalHeaders: {
      // GraphiQL subscribes with GET, which CSRF prevention rejects without this header.
      'x-graphql-yoga-csrf': 'graphiql',
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  }
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

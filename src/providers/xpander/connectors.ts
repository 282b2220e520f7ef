import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import { paginate } from '../paginate.ts'
import { type ConnectorAnswer, connectorAnswer, connectorPage } from './catalogue.ts'
import { connectAnswer } from './new-connection.ts'

const pageSize = 50

/** Two generations of the same API; which one an organisation has, the setting says. */
interface Family {
  readonly list: { readonly path: string; readonly query: Readonly<Record<string, string>> }
  connectPath(connectorKey: string): string
  search(http: HttpClient, name: string, call: RequestContext): Promise<readonly ConnectorAnswer[]>
}

const searching = 'search connectors'

export const families: Record<'connectors' | 'tools', Family> = {
  connectors: {
    list: { path: '/v1/connectors', query: {} },
    connectPath: (key) => path`/v1/connectors/${key}/connect`,
    search: (http, name, call) =>
      http.send(
        {
          method: 'GET',
          path: '/v1/connectors/search',
          query: { query: name },
          responseSchema: z.array(connectorAnswer),
          purpose: searching,
        },
        call,
      ),
  },
  tools: {
    list: { path: '/v1/tools', query: { type: 'connector' } },
    connectPath: (key) => path`/v1/tools/connectors/${key}/connect`,
    async search(http, name, call) {
      const query = { type: 'connector', query: name, per_page: pageSize }
      const { items } = await http.send(
        { method: 'GET', path: '/v1/tools', query, responseSchema: connectorPage, purpose: searching },
        call,
      )
      return items
    },
  },
}

export type Connectors = ReturnType<typeof createConnectors>

/** Connectors with their connections: no call reads one connector or one connection. */
export function createConnectors(http: HttpClient, family: Family) {
  function all(call: RequestContext) {
    return paginate<ConnectorAnswer, number>(async (page = 1) => {
      const answer = await http.send(
        {
          method: 'GET',
          path: family.list.path,
          query: { ...family.list.query, page, per_page: pageSize },
          responseSchema: connectorPage,
          purpose: 'list connectors',
        },
        call,
      )
      return { items: answer.items, next: page < answer.total_pages ? page + 1 : null }
    })
  }

  /** The search is fuzzy and may miss, so the whole list is the last resort. */
  async function find(
    key: string,
    name: string | null,
    call: RequestContext,
  ): Promise<ConnectorAnswer | null> {
    if (name !== null) {
      const found = (await family.search(http, name, call)).find(({ id }) => id === key)
      if (found) return found
    }
    for await (const items of all(call)) {
      const found = items.find(({ id }) => id === key)
      if (found) return found
    }
    return null
  }

  /** Never sent twice: there is no idempotency key, and each call may make a connection. */
  function connect(key: string, body: object, call: RequestContext) {
    return http.send(
      {
        method: 'POST',
        path: family.connectPath(key),
        body,
        responseSchema: connectAnswer,
        purpose: `connect "${key}"`,
        onNotFound: () => new NotFoundError(`xpander has no connector "${key}".`),
      },
      call,
    )
  }

  return { all, find, connect }
}

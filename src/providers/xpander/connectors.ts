import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import { paginate } from '../paginate.ts'
import { type ConnectorResponse, connectorPageResponse, connectorResponse } from './catalogue.ts'
import { connectResponse } from './new-connection.ts'

const pageSize = 50

/** Endpoints of one of two generations of the same API. Which one an organization has is set by XPANDER_API_FAMILY. */
interface ApiFamily {
  readonly list: { readonly path: string; readonly query: Readonly<Record<string, string>> }
  connectPath(connectorKey: string): string
  search(http: HttpClient, name: string, call: RequestContext): Promise<readonly ConnectorResponse[]>
}

const searchPurpose = 'search connectors'

export const families: Record<'connectors' | 'tools', ApiFamily> = {
  connectors: {
    list: { path: '/v1/connectors', query: {} },
    connectPath: (key) => path`/v1/connectors/${key}/connect`,
    search: (http, name, call) =>
      http.send(
        {
          method: 'GET',
          path: '/v1/connectors/search',
          query: { query: name },
          responseSchema: z.array(connectorResponse),
          purpose: searchPurpose,
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
        {
          method: 'GET',
          path: '/v1/tools',
          query,
          responseSchema: connectorPageResponse,
          purpose: searchPurpose,
        },
        call,
      )
      return items
    },
  },
}

export type Connectors = ReturnType<typeof createConnectors>

/** Access to connectors with their connections. The API has no endpoint for a single connector or connection. */
export function createConnectors(http: HttpClient, family: ApiFamily) {
  function all(call: RequestContext) {
    return paginate<ConnectorResponse, number>(async (page = 1) => {
      const response = await http.send(
        {
          method: 'GET',
          path: family.list.path,
          query: { ...family.list.query, page, per_page: pageSize },
          responseSchema: connectorPageResponse,
          purpose: 'list connectors',
        },
        call,
      )
      return { items: response.items, next: page < response.total_pages ? page + 1 : null }
    })
  }

  /** Uses the search, if the name is known. It is fuzzy and may miss the connector: falls back to the whole list. */
  async function find(
    key: string,
    name: string | null,
    call: RequestContext,
  ): Promise<ConnectorResponse | null> {
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

  /** Not retried: the API has no idempotency key, and each call may create a connection. */
  function connect(key: string, body: object, call: RequestContext) {
    return http.send(
      {
        method: 'POST',
        path: family.connectPath(key),
        body,
        responseSchema: connectResponse,
        purpose: `connect "${key}"`,
        onNotFound: () => new NotFoundError(`xpander has no connector "${key}".`),
      },
      call,
    )
  }

  return { all, find, connect }
}

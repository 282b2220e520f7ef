import { NotFoundError, ProviderError } from '../../domain/errors.ts'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import { paginate } from '../paginate.ts'
import { type ConnectorResponse, connectorPageResponse } from './catalogue.ts'
import { type ApiFamily, type Families, families, isUnknownPath, pageSize, unknownPath } from './families.ts'
import { connectResponse } from './new-connection.ts'

/** The connector of a connect call. */
interface ConnectTarget {
  readonly key: string
  /** `null`: not known. */
  readonly name: string | null
}

export type Connectors = ReturnType<typeof createConnectors>

/** Access to connectors with their connections. The API has no endpoint for a single connector or connection. */
export function createConnectors(http: HttpClient, { use, selected }: Families) {
  const pagesOf = (runInFamily: Families['use'], call: RequestContext) =>
    paginate<ConnectorResponse, number>((page = 1) =>
      runInFamily(async (family) => {
        const response = await http.send(
          {
            method: 'GET',
            path: family.list.path,
            query: { ...family.list.query, page, per_page: pageSize },
            responseSchema: connectorPageResponse,
            purpose: 'list connectors',
            onNotFound: unknownPath(family.name),
          },
          call,
        )
        return { items: response.items, next: page < response.total_pages ? page + 1 : null }
      }),
    )

  const all = (call: RequestContext) => pagesOf(use, call)

  /**
   * The hints that the list of the selected family does not contain, by connector key: only /v1/connectors returns
   * `connection_hint` (SEEN: reference pages of both lists). Empty if that family cannot be read.
   */
  async function fetchHints(call: RequestContext): Promise<ReadonlyMap<string, string>> {
    const hints = new Map<string, string>()
    if (selected() === 'connectors') return hints
    try {
      for await (const items of pagesOf((run) => run(families.connectors), call)) {
        for (const { id, connection_hint } of items) if (connection_hint) hints.set(id, connection_hint)
      }
    } catch (error) {
      // The catalogue is complete without hints. The HTTP client has logged the error.
      if (!(error instanceof ProviderError)) throw error
    }
    return hints
  }

  /** Uses the search, if the name is known. It is fuzzy and may miss the connector: falls back to the whole list. */
  async function find(
    key: string,
    name: string | null,
    call: RequestContext,
  ): Promise<ConnectorResponse | null> {
    if (name !== null) {
      const found = (await use((family) => family.search(http, name, call))).find(({ id }) => id === key)
      if (found) return found
    }
    for await (const items of all(call)) {
      const found = items.find(({ id }) => id === key)
      if (found) return found
    }
    return null
  }

  /** Not retried: the API has no idempotency key, and each call may create a connection. */
  const connect = ({ key, name }: ConnectTarget, body: object, call: RequestContext) =>
    use((family: ApiFamily) =>
      http.send(
        {
          method: 'POST',
          path: family.connectPath(key),
          body,
          publicFields: ['version', 'access_scope'],
          responseSchema: connectResponse,
          purpose: name === null ? 'connect a connector' : `connect "${name}"`,
          onNotFound: (response) =>
            isUnknownPath(response)
              ? unknownPath(family.name)()
              : new NotFoundError(`xpander has no connector "${key}".`),
        },
        call,
      ),
    )

  return { all, find, connect, fetchHints }
}

import type { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import { ProviderError, type ProviderErrorCode } from '../../domain/provider-error.ts'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import { type Paginate, type ReadKind, unreadableCursor } from '../paginate.ts'
import { mayContain, type Page } from '../rows.ts'
import { type ConnectorResponse, connectorPageResponse } from './catalogue.ts'
import {
  type ApiFamily,
  type Families,
  families,
  isAboutAccount,
  isUnknownPath,
  pageSize,
  unknownPath,
} from './families.ts'
import { connectResponse } from './new-connection.ts'

/** The connector of a connect call. */
interface ConnectTarget {
  readonly key: string
  /** `null`: not known. */
  readonly name: string | null
}

type Convert<Item> = (page: Page<ConnectorResponse>) => Page<Item>

interface Listing<Item> {
  readonly kind: ReadKind
  readonly convert: Convert<Item>
  /** Default: in the selected family. */
  readonly runIn?: Families['use']
  /** As `optional` of `HttpRequest`. */
  readonly isOptional?: boolean
}

/** Errors of the gateway's account: another call would fail as well. */
const concernsEveryCall: ReadonlySet<ProviderErrorCode> = new Set([
  'PROVIDER_UNAUTHORIZED',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_QUOTA_EXCEEDED',
])

/** `total` of a page is unreadable if it is absent. */
function pageAfter(page: number, total: z.output<typeof connectorPageResponse>['total_pages']) {
  if (total == null || total === unreadableCursor) return unreadableCursor
  return page < total ? page + 1 : null
}

/** For the connectors themselves. */
export const unchanged: Convert<ConnectorResponse> = (page) => page

export type Connectors = ReturnType<typeof createConnectors>

/** Access to connectors with their connections. The API has no endpoint for a single connector or connection. */
export function createConnectors(
  { http, paginate }: { readonly http: HttpClient; readonly paginate: Paginate },
  { use, selected }: Families,
) {
  function pagesOf<Item>(
    { kind, convert, runIn = use, isOptional = false }: Listing<Item>,
    call: RequestContext,
  ) {
    const purpose = 'list connectors'
    return paginate<Item, number>({ kind, purpose }, (page = 1) =>
      runIn(async (family) => {
        const { items, total_pages } = await http.send(
          {
            method: 'GET',
            path: family.list.path,
            query: { ...family.list.query, page, per_page: pageSize },
            responseSchema: connectorPageResponse,
            purpose,
            ...(isOptional ? { optional: true } : {}),
            // After the first page, the path is known.
            ...(page === 1 ? { onNotFound: unknownPath(family.name) } : {}),
          },
          call,
        )
        return { ...convert(items), ids: items.ids, next: pageAfter(page, total_pages) }
      }),
    )
  }

  /** All pages of connectors, each converted by `convert`, for a sync. */
  const all = <Item>(convert: Convert<Item>, call: RequestContext) => pagesOf({ kind: 'SYNC', convert }, call)

  /**
   * The hints that the list of the selected family does not contain, by connector key: only /v1/connectors returns
   * `connection_hint` (SEEN: reference pages of both lists). Empty if that family cannot be read.
   */
  async function fetchHints(call: RequestContext): Promise<ReadonlyMap<string, string>> {
    const hints = new Map<string, string>()
    if (selected() === 'connectors') return hints
    const inConnectors = {
      kind: 'SYNC',
      convert: unchanged,
      runIn: (run) => run(families.connectors),
      isOptional: true,
    } satisfies Listing<ConnectorResponse>
    try {
      for await (const { items } of pagesOf(inConnectors, call)) {
        for (const { id, connection_hint } of items) if (connection_hint) hints.set(id, connection_hint)
      }
    } catch (error) {
      // The catalogue is complete without hints. The HTTP client has logged the error.
      if (!(error instanceof ProviderError)) throw error
    }
    return hints
  }

  /** The connector among the results of the search, which is fuzzy and may miss it; `undefined`: missed, or it failed. */
  async function search(
    key: string,
    name: string,
    call: RequestContext,
  ): Promise<ConnectorResponse | undefined> {
    try {
      const { items } = await use((family) => family.search(http, name, call))
      return items.find(({ id }) => id === key)
    } catch (error) {
      // The list contains the connector too. The HTTP client has logged the error.
      if (error instanceof ProviderError && !concernsEveryCall.has(error.code)) return undefined
      throw error
    }
  }

  /**
   * Uses the search, if the name is known, and otherwise the whole list. Throws PROVIDER_INVALID_RESPONSE if the connector
   * may be among the unreadable rows.
   */
  async function find(
    key: string,
    name: string | null,
    call: RequestContext,
  ): Promise<ConnectorResponse | null> {
    const match = name === null ? undefined : await search(key, name, call)
    if (match) return match
    let isUnreadable = false
    for await (const { items, skipped } of pagesOf({ kind: 'CALL', convert: unchanged }, call)) {
      const found = items.find(({ id }) => id === key)
      if (found) return found
      isUnreadable ||= mayContain(skipped, key)
    }
    if (isUnreadable) throw unreadable('read a connector')
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
          freeFields: ['security', 'headers'],
          responseSchema: connectResponse,
          purpose: name === null ? 'connect a connector' : `connect "${name}"`,
          onNotFound: (response) => {
            if (isUnknownPath(response)) return unknownPath(family.name)(response)
            return isAboutAccount(response)
              ? undefined
              : new NotFoundError(`xpander has no connector "${key}".`)
          },
        },
        call,
      ),
    )

  return { all, find, connect, fetchHints }
}

export const unreadable = (purpose: string) =>
  new ProviderError(
    'XPANDER',
    'PROVIDER_INVALID_RESPONSE',
    `xpander sent an unreadable row in response to the attempt to ${purpose}.`,
  )

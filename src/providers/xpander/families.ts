import { z } from 'zod'
import type { Log } from '../../domain/log.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ErrorResponse } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import { type Page, rowsOf } from '../rows.ts'
import { type ConnectorResponse, connectorResponse, searchResponse } from './catalogue.ts'

export const pageSize = 50

export const familyNames = ['connectors', 'tools'] as const
export type FamilyName = (typeof familyNames)[number]

/** Endpoints of one of the two generations of the same API. */
export interface ApiFamily {
  readonly name: FamilyName
  readonly list: { readonly path: string; readonly query: Readonly<Record<string, string>> }
  connectPath(connectorKey: string): string
  search(http: HttpClient, name: string, call: RequestContext): Promise<Page<ConnectorResponse>>
}

const searchPurpose = 'search connectors'

export const families: Readonly<Record<FamilyName, ApiFamily>> = {
  connectors: {
    name: 'connectors',
    list: { path: '/v1/connectors', query: {} },
    connectPath: (key) => path`/v1/connectors/${key}/connect`,
    search: (http, name, call) =>
      http.send(
        {
          method: 'GET',
          path: '/v1/connectors/search',
          query: { query: name },
          responseSchema: rowsOf(connectorResponse),
          purpose: searchPurpose,
          onNotFound: unknownPath('connectors'),
        },
        call,
      ),
  },
  tools: {
    name: 'tools',
    list: { path: '/v1/tools', query: { type: 'connector' } },
    connectPath: (key) => path`/v1/tools/connectors/${key}/connect`,
    async search(http, name, call) {
      const query = { type: 'connector', query: name, per_page: pageSize }
      const { items } = await http.send(
        {
          method: 'GET',
          path: '/v1/tools',
          query,
          responseSchema: searchResponse,
          purpose: searchPurpose,
          onNotFound: unknownPath('tools'),
        },
        call,
      )
      return items
    },
  },
}

/** The organization's API does not have the paths of a family. */
export class UnknownPathError extends ProviderError {
  constructor(missing: string) {
    super(
      'XPANDER',
      'PROVIDER_REJECTED',
      `xpander ${missing}: check XPANDER_API_FAMILY and XPANDER_BASE_URL.`,
    )
  }
}

/** SEEN in xpander-cli: the body of a 404 to a path that does not exist. */
const unknownPathBody = z.object({ detail: z.literal('Not Found') })

export const isUnknownPath = ({ body }: Pick<ErrorResponse, 'body'>): boolean =>
  unknownPathBody.safeParse(body).success

/** INFERRED, as no text of a 404 is documented: one about the gateway's account names the organization. */
export const isAboutAccount = ({ body }: Pick<ErrorResponse, 'body'>): boolean =>
  /organi[sz]ation|workspace/i.test(JSON.stringify(body) ?? '')

const otherReason = z.object({ detail: z.string() }).or(z.object({ message: z.string() }))

/**
 * For a path that does not depend on a connector: its 404 means that the path is not known, unless the body gives another
 * reason. A body without a reason may be that of a proxy.
 */
export const unknownPath = (family: FamilyName) => (response: Pick<ErrorResponse, 'body'>) =>
  isUnknownPath(response) || !otherReason.safeParse(response.body).success
    ? new UnknownPathError(`does not have the paths /v1/${family}`)
    : undefined

export type Families = ReturnType<typeof createFamilies>

/**
 * Selects the family: the one of the setting; without it, the first of /v1/tools (of the vendor's current guide) and
 * /v1/connectors whose paths exist. Each adapter selects once, with its first successful call.
 */
export function createFamilies(setting: FamilyName | undefined, log: Log) {
  let selected = setting

  async function use<T>(run: (family: ApiFamily) => Promise<T>): Promise<T> {
    if (selected !== undefined) return run(families[selected])
    try {
      const result = await run(families.tools)
      selected ??= 'tools'
      return result
    } catch (error) {
      if (!(error instanceof UnknownPathError)) throw error
    }
    const result = await run(families.connectors).catch(nameBoth)
    if (selected === undefined) {
      selected = 'connectors'
      // A warning, so that it is in the log at every level that is in use.
      log.warn(
        { provider: 'XPANDER', family: selected },
        'xpander has no /v1/tools: /v1/connectors is used; XPANDER_API_FAMILY selects it directly',
      )
    }
    return result
  }

  return {
    /** Runs calls in the selected family. Throws UnknownPathError if its paths do not exist. */
    use,
    /** `undefined` before the first successful call. */
    selected: () => selected,
  }
}

function nameBoth(error: unknown): never {
  if (!(error instanceof UnknownPathError)) throw error
  throw new UnknownPathError('has neither the paths /v1/tools nor /v1/connectors')
}

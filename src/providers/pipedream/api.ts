import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import type { ErrorResponse } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, RemoteConnection, RemoteConnector } from '../adapter.ts'
import type { Paginate, ReadKind } from '../paginate.ts'
import { mapRows, type Page, type SkippedRow } from '../rows.ts'
import {
  type AccountResponse,
  accountPageResponse,
  accountResponse,
  slugOf,
  toConnection,
} from './account.ts'
import { appPageResponse, toConnector } from './app.ts'
import type { FindSlug } from './app-slugs.ts'
import { type LinkOptions, tokenBody, tokenResponse } from './connect-token.ts'

/** The project that API calls refer to, with the client for it. */
export interface Project {
  readonly http: HttpClient
  readonly paginate: Paginate
  readonly findSlug: FindSlug
  readonly id: string
}

const projectPath = ({ id }: Project) => path`/v1/connect/${id}`
const accountPath = (project: Project, id: string) => projectPath(project) + path`/accounts/${id}`

// INFERRED: the general REST reference gives 100 as the maximum; the reference of Connect gives none.
const pageSize = 100

/** Creates a connect token. The response contains the connect link URL. */
export function createToken(project: Project, request: LinkRequest<LinkOptions>, call: RequestContext) {
  return project.http.send(
    {
      method: 'POST',
      path: `${projectPath(project)}/tokens`,
      body: tokenBody(request),
      publicFields: ['app_id', 'oauth_app_id', 'scope', 'expires_in', 'allowed_origins'],
      responseSchema: tokenResponse,
      purpose: `make a connect link for "${request.connectorKey}"`,
      onNotFound: appMissing(request.connectorKey),
    },
    call,
  )
}

/**
 * A 404 whose body mentions the project is a configuration error of the operator; any other 404 means that
 * the app does not exist. The bodies of the others are undocumented.
 */
const appMissing =
  (connectorKey: string) =>
  ({ body }: ErrorResponse) =>
    /project/i.test(JSON.stringify(body) ?? '')
      ? undefined
      : new NotFoundError(`Pipedream has no connector "${connectorKey}".`)

interface AccountFilter {
  readonly external_user_id?: string
  readonly app?: string
}

// Credentials are never requested: no query contains `include_credentials`.
export function listAccounts(
  project: Project,
  { kind, filter }: { readonly kind: ReadKind; readonly filter: AccountFilter },
  call: RequestContext,
) {
  const purpose = 'list connections'
  return project.paginate<RemoteConnection, string>({ kind, purpose }, async (after) => {
    const response = await project.http.send(
      {
        method: 'GET',
        path: `${projectPath(project)}/accounts`,
        query: { ...filter, limit: pageSize, after },
        responseSchema: accountPageResponse,
        purpose,
      },
      call,
    )
    // The last page has a cursor too; the next page is empty.
    const { items, ...rest } = response.data
    const connections: RemoteConnection[] = []
    for (const account of items) connections.push(await connectionOf(project, account, call, filter.app))
    return { ...rest, items: connections, next: response.page_info }
  })
}

/** The connection of an account. `app`: the slug of its app, if it is known from the request. */
export async function connectionOf(
  { findSlug }: Project,
  account: AccountResponse,
  call: RequestContext,
  app?: string,
): Promise<RemoteConnection> {
  const slug = slugOf(account) ?? app ?? (await findSlug(account.app?.id, call))
  return toConnection(account, slug ?? undefined)
}

/** An end user's accounts for one app, deduplicated by ID: a repeated cursor returns the same rows again. */
export async function listEndUserAccounts(
  project: Project,
  { connectorKey, endUserId }: { readonly connectorKey: string; readonly endUserId: string },
  call: RequestContext,
): Promise<Page<RemoteConnection>> {
  const filter = { external_user_id: endUserId, app: connectorKey }
  const byId = new Map<string, RemoteConnection>()
  const skipped: SkippedRow[] = []
  for await (const page of listAccounts(project, { kind: 'CALL', filter }, call)) {
    for (const item of page.items) byId.set(item.remoteId, item)
    skipped.push(...page.skipped)
  }
  return { items: [...byId.values()], skipped }
}

export const accountMissing = (id: string) => new NotFoundError(`Pipedream has no connection "${id}".`)

export function findAccount(
  project: Project,
  id: string,
  call: RequestContext,
): Promise<AccountResponse | null> {
  return project.http.find(
    {
      method: 'GET',
      path: accountPath(project, id),
      responseSchema: accountResponse,
      purpose: 'read a connection',
    },
    call,
  )
}

/**
 * Deletes an account. Returns `false` if it does not exist. INFERRED from the text "record not found", which an older
 * official client handles: deleting an account a second time gives 404. The response is not documented.
 */
export async function deleteAccount(project: Project, id: string, call: RequestContext): Promise<boolean> {
  const request = {
    method: 'DELETE',
    path: accountPath(project, id),
    responseSchema: z.undefined(), // 204
    purpose: 'delete a connection',
  } as const
  return (await project.http.find(request, call)) !== null
}

export function listApps({ http, paginate }: Project, call: RequestContext) {
  const purpose = 'list connectors'
  return paginate<RemoteConnector, string>({ kind: 'SYNC', purpose }, async (after) => {
    const response = await http.send(
      {
        method: 'GET',
        path: '/v1/connect/apps',
        query: { limit: pageSize, after },
        responseSchema: appPageResponse,
        purpose,
      },
      call,
    )
    return { ...mapRows(response.data, toConnector), next: response.page_info }
  })
}

import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, RemoteConnection } from '../adapter.ts'
import type { Paginate, ReadKind } from '../paginate.ts'
import { mapRows } from '../rows.ts'
import { type AccountResponse, accountPageResponse, accountResponse, toConnection } from './account.ts'
import { type AuthConfig, authConfigPageResponse, isUsable } from './auth-config.ts'
import { toolkitPageResponse, toolkitResponse } from './toolkit.ts'

/** The API of the project that the API key belongs to. */
export interface Api {
  readonly http: HttpClient
  readonly paginate: Paginate
}

const nonBlankString = z.string().trim().min(1, 'must not be blank').nullish()

/** The `composio` options block of the input. */
export const linkOptions = z.object({
  authConfigId: nonBlankString,
  connectionData: z.record(z.string(), z.unknown()).nullish(),
})
export type LinkOptions = z.output<typeof linkOptions>

const accounts = '/api/v3.1/connected_accounts'
const accountPath = (id: string) => path`/api/v3.1/connected_accounts/${id}`

/** The documented maximum of auth configs; none is documented for accounts. */
const pageSize = 50
/** The documented maximum is 1,000. */
const toolkitsPerPage = 500

const linkResponse = z.object({
  redirect_url: z.string(),
  connected_account_id: z.string().min(1),
  expires_at: z.string().nullish().catch(null),
})

/** Creates an account that is not authorized yet, with the link that authorizes it. */
export function postLink(
  { http }: Api,
  { authConfigId, request }: { readonly authConfigId: string; readonly request: LinkRequest<LinkOptions> },
  call: RequestContext,
) {
  return http.send(
    {
      method: 'POST',
      path: `${accounts}/link`,
      body: {
        auth_config_id: authConfigId,
        user_id: request.endUser.id,
        callback_url: request.redirectUri,
        connection_data: request.options.connectionData ?? undefined,
      },
      publicFields: ['auth_config_id'],
      freeFields: ['connection_data'],
      responseSchema: linkResponse,
      purpose: `make a connect link for "${request.connectorKey}"`,
      onNotFound: () =>
        new NotFoundError(
          `Composio has no auth config "${authConfigId}" for the connector "${request.connectorKey}" any more.`,
        ),
    },
    call,
  )
}

const refreshResponse = z.object({ status: z.string(), redirect_url: z.string().nullish() })

/** Starts a new authorization of an account, which cannot be used from then on until it succeeds. */
export const postRefresh = (
  { http }: Api,
  { id, redirectUri }: { readonly id: string; readonly redirectUri: string },
  call: RequestContext,
) =>
  http.send(
    {
      method: 'POST',
      path: `${accountPath(id)}/refresh`,
      body: { redirect_url: redirectUri },
      responseSchema: refreshResponse,
      purpose: 'make a link for a new authorization',
      onNotFound: () => accountMissing(id),
    },
    call,
  )

export const accountMissing = (id: string) => new NotFoundError(`Composio has no connection "${id}".`)

export const findAccount = (
  { http }: Api,
  id: string,
  call: RequestContext,
): Promise<AccountResponse | null> =>
  http.find(
    { method: 'GET', path: accountPath(id), responseSchema: accountResponse, purpose: 'read a connection' },
    call,
  )

/** Also withdraws the authorization at the application, in the background. Returns `false` if there is no account. */
export async function deleteAccount({ http }: Api, id: string, call: RequestContext): Promise<boolean> {
  const request = {
    method: 'DELETE',
    path: accountPath(id),
    query: { revoke_on_delete: 'true' },
    responseSchema: z.object({ success: z.literal(true) }),
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

/** All accounts of the project that are not shared between end users. */
export function listAccounts({ http, paginate }: Api, call: RequestContext) {
  const purpose = 'list connections'
  return paginate<RemoteConnection, string>({ kind: 'SYNC', purpose }, async (cursor) => {
    const { items, next_cursor } = await http.send(
      {
        method: 'GET',
        path: accounts,
        // The cursor is the number of a page: with the newest first, the default, new accounts would move the others.
        query: { order_by: 'created_at', order_direction: 'asc', limit: pageSize, cursor },
        responseSchema: accountPageResponse,
        purpose,
      },
      call,
    )
    return { ...mapRows(items, toConnection), next: next_cursor }
  })
}

/** The auth configs with which accounts can be connected, of one toolkit or of all. */
export async function listAuthConfigs(
  { http, paginate }: Api,
  { kind, toolkit }: { readonly kind: ReadKind; readonly toolkit?: string },
  call: RequestContext,
): Promise<readonly AuthConfig[]> {
  const purpose = 'list auth configs'
  const pages = paginate<AuthConfig, string>({ kind, purpose }, async (cursor) => {
    const { items, next_cursor } = await http.send(
      {
        method: 'GET',
        path: '/api/v3.1/auth_configs',
        query: { toolkit_slug: toolkit, limit: pageSize, cursor },
        responseSchema: authConfigPageResponse,
        purpose,
      },
      call,
    )
    return { ...items, next: next_cursor }
  })
  const found: AuthConfig[] = []
  for await (const { items } of pages) {
    const ofToolkit = items.filter((one) => toolkit === undefined || one.toolkit.slug === toolkit)
    found.push(...ofToolkit.filter(isUsable))
  }
  return found
}

type ToolkitRow = z.output<typeof toolkitPageResponse>['items']['items'][number]

export function listToolkits({ http, paginate }: Api, call: RequestContext) {
  const purpose = 'list connectors'
  return paginate<ToolkitRow, string>({ kind: 'SYNC', purpose }, async (cursor) => {
    const { items, next_cursor } = await http.send(
      {
        method: 'GET',
        path: '/api/v3.1/toolkits',
        // By usage, the default, the order could change between two pages.
        query: { sort_by: 'alphabetically', limit: toolkitsPerPage, cursor },
        responseSchema: toolkitPageResponse,
        purpose,
      },
      call,
    )
    return { ...items, next: next_cursor }
  })
}

export const findToolkit = ({ http }: Api, slug: string, call: RequestContext) =>
  http.find(
    {
      method: 'GET',
      path: path`/api/v3.1/toolkits/${slug}`,
      responseSchema: toolkitResponse,
      purpose: 'read a connector',
    },
    call,
  )

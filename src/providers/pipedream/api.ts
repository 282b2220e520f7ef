import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import type { ErrorResponse } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, RemoteConnection, RemoteConnector } from '../adapter.ts'
import { paginate } from '../paginate.ts'
import { type AccountAnswer, accountAnswer, accountPage, toConnection } from './account.ts'
import { appPage, toConnector } from './app.ts'
import { type LinkOptions, newToken, tokenAnswer } from './connect-token.ts'

/** A client and the project that its calls are about. */
export interface Project {
  readonly http: HttpClient
  readonly id: string
}

const projectPath = ({ id }: Project) => path`/v1/connect/${id}`
const accountPath = (project: Project, id: string) => projectPath(project) + path`/accounts/${id}`

const pageSize = 100

export function mintToken(project: Project, request: LinkRequest<LinkOptions>, call: RequestContext) {
  return project.http.send(
    {
      method: 'POST',
      path: `${projectPath(project)}/tokens`,
      body: newToken(request),
      responseSchema: tokenAnswer,
      purpose: `make a connect link for "${request.connectorKey}"`,
      onNotFound: appMissing(request.connectorKey),
    },
    call,
  )
}

/** A 404 that speaks of the project is the operator's to mend; the bodies of the others are undocumented. */
const appMissing =
  (connectorKey: string) =>
  ({ body }: ErrorResponse) =>
    /project/i.test(JSON.stringify(body) ?? '')
      ? undefined
      : new NotFoundError(`Pipedream has no connector "${connectorKey}".`)

// Credentials are never asked for: `include_credentials` stays out of every query.
export function listAccounts(
  project: Project,
  filter: { readonly external_user_id?: string; readonly app?: string },
  call: RequestContext,
) {
  return paginate<RemoteConnection, string>(async (after) => {
    const answer = await project.http.send(
      {
        method: 'GET',
        path: `${projectPath(project)}/accounts`,
        query: { ...filter, limit: pageSize, after },
        responseSchema: accountPage,
        purpose: 'list connections',
      },
      call,
    )
    // The last page has a cursor too; the page after it is empty.
    return { items: answer.data.map(toConnection), next: answer.page_info?.end_cursor }
  })
}

/** Each once: a cursor that repeats shows rows again, and one account must not look like two. */
export async function accountsOf(
  project: Project,
  wanted: { readonly connectorKey: string; readonly endUserId: string },
  call: RequestContext,
): Promise<RemoteConnection[]> {
  const filter = { external_user_id: wanted.endUserId, app: wanted.connectorKey }
  const found = new Map<string, RemoteConnection>()
  for await (const items of listAccounts(project, filter, call)) {
    for (const item of items) found.set(item.remoteId, item)
  }
  return [...found.values()]
}

export const accountMissing = (id: string) => new NotFoundError(`Pipedream has no connection "${id}".`)

export function findAccount(
  project: Project,
  id: string,
  call: RequestContext,
): Promise<AccountAnswer | null> {
  return project.http.find(
    {
      method: 'GET',
      path: accountPath(project, id),
      responseSchema: accountAnswer,
      purpose: 'read a connection',
    },
    call,
  )
}

export async function removeAccount(project: Project, id: string, call: RequestContext): Promise<boolean> {
  const request = {
    method: 'DELETE',
    path: accountPath(project, id),
    responseSchema: z.undefined(), // 204
    purpose: 'delete a connection',
  } as const
  return (await project.http.find(request, call)) !== null
}

export async function* listApps({ http }: Project, call: RequestContext) {
  yield* paginate<RemoteConnector, string>(async (after) => {
    const answer = await http.send(
      {
        method: 'GET',
        path: '/v1/connect/apps',
        query: { limit: pageSize, after },
        responseSchema: appPage,
        purpose: 'list connectors',
      },
      call,
    )
    return { items: answer.data.map(toConnector), next: answer.page_info?.end_cursor }
  })
}

import { CreateSessionDocument, type CreateSessionInput } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { postQuery } from './open.ts'

/** Creates a session for the end user `id` with the API key. `ask` sends documents with the session token. */
export async function asEndUser(
  gateway: TestGateway,
  id: string,
  options: Omit<CreateSessionInput, 'endUser'> = {},
) {
  const { createSession } = await gateway.send(CreateSessionDocument, {
    input: { endUser: { id }, ...options },
  })
  if (createSession.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(createSession))
  const { token, expiresAt } = createSession
  const headers = { authorization: `Bearer ${token}` }
  const userGateway = {
    ...gateway,
    post: (query: string, variables?: object) => gateway.post(query, variables, headers),
  }
  return {
    token,
    expiresAt,
    headers,
    query: (query: string, variables: object = {}) => postQuery(userGateway, query, variables),
  }
}

export type EndUser = Awaited<ReturnType<typeof asEndUser>>

import { CreateSessionDocument, type CreateSessionInput } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { answerTo } from './open.ts'

/** An end user's frontend: what it asks with the session that the application's server made for it. */
export async function asEndUser(
  gateway: TestGateway,
  id: string,
  more: Omit<CreateSessionInput, 'endUser'> = {},
) {
  const { createSession } = await gateway.send(CreateSessionDocument, {
    input: { endUser: { id }, ...more },
  })
  if (createSession.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(createSession))
  const { token, expiresAt } = createSession
  const headers = { authorization: `Bearer ${token}` }
  const seen = {
    ...gateway,
    post: (query: string, variables?: object) => gateway.post(query, variables, headers),
  }
  return {
    token,
    expiresAt,
    headers,
    ask: (query: string, variables: object = {}) => answerTo(seen, query, variables),
  }
}

export type EndUser = Awaited<ReturnType<typeof asEndUser>>

import { CreateSessionDocument, ProvidersDocument } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { postGraphQL, sendRequest, withKey } from './raw-request.ts'

/** The ID of a published operation. */
export const hashOf = ({ __meta__ }: { __meta__?: { hash?: string } | undefined }) => __meta__?.hash ?? ''
export const providersId = hashOf(ProvidersDocument)
export const hex = providersId.replace('sha256:', '')
/** What Apollo Client sends for a persisted document. */
export const apollo = (sha256Hash: unknown, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash } },
})
export const free = { query: '{ viewer { kind } }' }
/** The media type with which invalid requests are not answered with status 200. */
export const asSpecified = { accept: 'application/graphql-response+json' }
const withCsrf = { ...withKey, 'x-graphql-yoga-csrf': '1' }

/** Sends a body to the GraphQL endpoint, by default with the API key. */
export const post = (gateway: TestGateway, body: object | string, headers: Record<string, string> = {}) =>
  postGraphQL(gateway, typeof body === 'string' ? body : JSON.stringify(body), headers)

/** Sends URL parameters to the GraphQL endpoint, by default with the API key. */
export const get = (
  { url }: TestGateway,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  sendRequest(`${url}/graphql?${new URLSearchParams(parameters)}`, { headers: { ...withCsrf, ...headers } })

/** The headers of a session, created by a trusted document, which is accepted in every mode. */
export async function sessionHeaders(gateway: TestGateway) {
  const variables = { input: { endUser: { id: 'ada' } } }
  const { text } = await post(gateway, { documentId: hashOf(CreateSessionDocument), variables })
  return { authorization: `Bearer ${JSON.parse(text).data.createSession.token}` }
}

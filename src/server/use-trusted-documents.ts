import { GraphQLError } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { z } from 'zod'
import type { Viewer } from '../domain/viewer.ts'

/** Texts of GraphQL documents by their SHA-256, in lower-case hexadecimal digits. */
export type TrustedDocuments = ReadonlyMap<string, string>

/** Whose requests have to name a trusted document instead of sending one: none, end-user sessions, all callers. */
export type TrustedDocumentsMode = 'off' | 'sessions' | 'all'

export interface TrustedDocumentsOptions {
  readonly documents: TrustedDocuments
  readonly mode: TrustedDocumentsMode
  /** The caller of each request. */
  readonly viewers: WeakMap<Request, Viewer>
}

/**
 * Replaces the ID of a trusted document by its text, which then is parsed, validated and limited like any other. IDs:
 * `documentId` of the GraphQL over HTTP specification and `extensions.persistedQuery` of Apollo Client. An unknown ID is
 * an error; a document that is sent with its ID is never registered.
 */
export function useTrustedDocuments({ documents, mode, viewers }: TrustedDocumentsOptions): Plugin {
  const mustUseTrusted = (request: Request) =>
    mode === 'all' || (mode === 'sessions' && viewers.get(request)?.kind !== 'API_KEY')

  return {
    onParams({ request, params, setParams }) {
      const { documentId, ...others } = withIdOfUrl(request, params)
      if (params.query != null) {
        if (mustUseTrusted(request)) throw onlyTrusted()
        if (documentId != null) throw badRequest('Send either a query or a documentId.')
        return
      }
      const id = documentId ?? hashOf(params)
      if (id == null) return
      if (typeof id !== 'string') throw badRequest('The ID of a document must be a string.')
      // Without a prefix it is a custom document identifier, which is the hash here too.
      const query = documents.get(id.replace(/^sha256:/, ''))
      if (query === undefined) throw notFound()
      setParams({ ...others, query })
    },
  }
}

type Params = GraphQLParams & { readonly documentId?: unknown }

/** Yoga reads only the parameters that it knows from the URL of a GET. */
const withIdOfUrl = (request: Request, params: Params): Params =>
  request.method === 'GET'
    ? { ...params, documentId: new URL(request.url, 'http://localhost').searchParams.get('documentId') }
    : params

const persistedQuery = z.object({
  persistedQuery: z.object({ version: z.literal(1), sha256Hash: z.unknown() }),
})

const hashOf = ({ extensions }: Params): unknown =>
  persistedQuery.safeParse(extensions).data?.persistedQuery.sha256Hash

const onlyTrusted = () =>
  new GraphQLError('Only trusted documents are accepted: send the documentId of one.', {
    extensions: { code: 'PERSISTED_QUERY_ONLY', http: { status: 403 } },
  })

/** Clients recognize the message or the code. */
const notFound = () =>
  new GraphQLError('PersistedQueryNotFound', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', http: { status: 400, spec: true } },
  })

const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } })

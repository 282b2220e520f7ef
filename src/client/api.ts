import { documents } from './documents.ts'
import { readEvents } from './event-stream.ts'
import type { ConnectLink, GatewayOptions } from './types.ts'

/** A call that the gateway refused, or that did not reach it. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  /** An `ErrorCode` of the API, the code of a GraphQL error such as UNAUTHENTICATED, or UNREACHABLE. */
  readonly code: string
  /** Of INVALID_INPUT: each problem with the path of its value. Empty for other codes. */
  readonly issues: readonly { readonly path: readonly string[]; readonly message: string }[]

  constructor({
    code,
    message,
    issues,
  }: { code?: string; message?: string; issues?: ConnectError['issues'] }) {
    super(message ?? 'The gateway could not be reached.')
    this.code = code ?? 'UNREACHABLE'
    this.issues = issues ?? []
  }
}

type DocumentName = keyof typeof documents
type Variables = Readonly<Record<string, unknown>>

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: each document has another result
  readonly data?: any
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: { readonly code?: string }
  }[]
}

export interface Api {
  create(provider: string | undefined, input: Variables): Promise<ConnectLink>
  reconnect(id: string, input: Variables): Promise<ConnectLink>
  read(id: string): Promise<ConnectLink>
  /** Records that the end user gave the attempt up; the link stays usable. */
  cancel(id: string): Promise<void>
  /** The claim to send with a link of the guard SAME_BROWSER. */
  claim(id: string): Promise<string>
  /** The link as it is, then each change. Ends after the final status, or when the gateway ends the stream. */
  updates(id: string): AsyncGenerator<ConnectLink>
}

/** Calls the gateway until the signal aborts, and refreshes the session when it is not accepted. */
export function createApi({ gateway, session, getSession }: GatewayOptions, signal: AbortSignal): Api {
  const endpoint = `${gateway.replace(/\/+$/, '')}/graphql`
  let token = session
  let refresh: Promise<string | undefined> | undefined
  /** Whether the gateway is of another version, and does not know the documents by their IDs. */
  let isTextSent = false

  const post = (body: object, accept: string) =>
    fetch(endpoint, {
      method: 'POST',
      headers: { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal,
    }).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error instanceof TypeError ? new ConnectError({}) : error
    })

  /** One new session for all calls that need one at the same time. */
  async function renew(): Promise<void> {
    refresh ??= Promise.resolve(getSession?.()).finally(() => {
      refresh = undefined
    })
    token = await refresh.catch((cause: unknown) => {
      throw new ConnectError({ code: 'UNAUTHENTICATED', message: `getSession failed: ${cause}` })
    })
  }

  async function postAuthenticated(body: object, accept: string): Promise<Response> {
    if (token === undefined) await renew()
    const used = token
    const response = await post(body, accept)
    if (response.status !== 401 || !getSession) return response
    void response.body?.cancel()
    if (used === token) await renew()
    return post(body, accept)
  }

  async function execute(
    name: DocumentName,
    variables: Variables,
    accept: string,
  ): Promise<Response | Answer> {
    const { id, text } = documents[name]
    const document = isTextSent ? { query: text } : { documentId: id }
    const response = await postAuthenticated({ ...document, variables }, accept)
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response
    const answer = (await response.json().catch(() => ({}))) as Answer
    if (!isTextSent && answer.errors?.[0]?.extensions?.code === 'PERSISTED_QUERY_NOT_FOUND') {
      isTextSent = true
      return execute(name, variables, accept)
    }
    return answer
  }

  async function call(name: DocumentName, variables: Variables) {
    return resultOf((await execute(name, variables, 'application/json')) as Answer)
  }

  return {
    create: async (provider, input) => (await call('OpenConnectCreate', { provider, input })).link,
    reconnect: async (id, input) => (await call('OpenConnectReconnect', { id, input })).link,
    read: (id) => call('OpenConnectLink', { id }),
    cancel: (id) => call('OpenConnectCancel', { id }),
    claim: async (id) => (await call('OpenConnectClaim', { id })).claim,
    async *updates(id) {
      const response = await execute('OpenConnectUpdates', { id }, 'text/event-stream')
      if (!(response instanceof Response) || !response.body) return resultOf(response as Answer)
      for await (const { event, data } of readEvents(response.body)) {
        if (event === 'complete') return
        if (event === 'next') yield resultOf(JSON.parse(data))
      }
    },
  }
}

function resultOf({ data, errors }: Answer) {
  const [error] = errors ?? []
  const result = data?.result
  if (error && !result)
    throw new ConnectError({ message: error.message, code: error.extensions?.code ?? 'UNKNOWN' })
  if (result === null) throw new ConnectError({ message: 'There is no such link.', code: 'NOT_FOUND' })
  if (!result) throw new ConnectError({})
  if (result.code) throw new ConnectError(result)
  return result
}

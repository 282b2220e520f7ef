import { type ExecutionResult, GraphQLError } from 'graphql'
import { isEnded } from '../../connect/links/status.ts'
import type { LinkStatus } from '../../domain/statuses.ts'
import { type McpCaller, type ToolError, toolError } from './run-tool.ts'
import { publishedDocument } from './tools.ts'

export interface WaitOptions {
  /** Called when the link is being watched: no change of it is missed. */
  start(): Promise<void>
  /** Called now and then with the status of the link, so that the client does not give up. */
  onProgress(status: LinkStatus): void
  /** Longest wait; 10 minutes by default. */
  readonly limitMs?: number
}

export interface Waited {
  /** Whether `start` was called; not if the caller has too many event streams. */
  readonly isShown: boolean
  /** Why the caller must not get more, such as credentials that have ended. */
  readonly error?: ToolError
}

const defaultLimitMs = 600_000
/** Clients give up after a minute without an answer or progress. */
const progressIntervalMs = 15_000

const updates = publishedDocument('connect-link-updated')

/**
 * Returns when the link has ended or is held, at the limit, or when the client has disconnected. Watches it by the subscription of the
 * API: the change may be made by any gateway.
 */
export async function waitForLink(
  { subscribe, viewer, exchange }: McpCaller,
  id: string,
  { start, onProgress, limitMs = defaultLimitMs }: WaitOptions,
): Promise<Waited> {
  const limit = new AbortController()
  let status: LinkStatus | null = null
  const progress = setInterval(() => status && onProgress(status), progressIntervalMs).unref()
  const timer = setTimeout(() => limit.abort(), limitMs).unref()
  try {
    const operation = { viewer, variables: { id }, exchange }
    for await (const link of linksOf(await subscribe(updates, operation, limit.signal))) {
      if (status === null) await start()
      status = link.status
      onProgress(status)
      // A connection that is held does not wait for the person any more, but for the application.
      if (isEnded(status) || link.awaitingConfirmation) break
    }
    return { isShown: status !== null }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    return error.extensions.code === 'STREAM_LIMIT'
      ? { isShown: false }
      : { isShown: status !== null, error: toolError(error) }
  } finally {
    clearInterval(progress)
    clearTimeout(timer)
    limit.abort()
  }
}

interface WatchedLink {
  readonly status: LinkStatus
  readonly awaitingConfirmation: boolean
}

/** The link as it is, and after each change. Throws the first GraphQL error. */
async function* linksOf(
  results: AsyncIterable<ExecutionResult> | ExecutionResult,
): AsyncGenerator<WatchedLink> {
  for await (const { data, errors } of Symbol.asyncIterator in results ? results : [results]) {
    const [error] = errors ?? []
    const link = data?.connectLinkUpdated as WatchedLink | null | undefined
    if (!link) throw error ?? new Error('an event of a link has no link')
    yield link
  }
}

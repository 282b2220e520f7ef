import type { ServerResponse } from 'node:http'

/** A comment of an event stream, which clients ignore. */
export const comment = ':\n\n'
/** Proxies close a connection on which nothing is sent for a minute. */
const heartbeatMs = 12_000

const open = new Set<ServerResponse>()
let timer: NodeJS.Timeout | undefined

/** Sends a comment now and then, until the returned function is called. One timer for all streams. */
export function startHeartbeat(response: ServerResponse): () => void {
  open.add(response)
  timer ??= setInterval(() => {
    for (const stream of open) if (!stream.destroyed && !stream.writableNeedDrain) stream.write(comment)
  }, heartbeatMs).unref()
  return () => {
    open.delete(response)
    if (open.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

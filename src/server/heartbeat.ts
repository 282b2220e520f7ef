import type { ServerResponse } from 'node:http'

/** A comment of an event stream, which clients ignore. */
export const comment = ':\n\n'
/** Proxies close a connection on which nothing is sent for a minute. */
const heartbeatMs = 12_000

/** The text that each stream is sent. */
const open = new Map<ServerResponse, string>()
let timer: NodeJS.Timeout | undefined

/** Sends `text` now and then, until the returned function is called. One timer for all streams. */
export function startHeartbeat(response: ServerResponse, text: string = comment): () => void {
  open.set(response, text)
  timer ??= setInterval(() => {
    for (const [stream, beat] of open) if (!stream.destroyed && !stream.writableNeedDrain) stream.write(beat)
  }, heartbeatMs).unref()
  return () => {
    open.delete(response)
    if (open.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

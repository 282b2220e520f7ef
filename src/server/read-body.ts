import type { IncomingMessage } from 'node:http'

/**
 * Reads the raw body; `undefined` if it is longer than `limitBytes`: the rest is then discarded. Rejects if the client
 * disconnects. With listeners, because an iterator costs as much as parsing a usual body.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const add = (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= limitBytes) return
      request.off('data', add).resume()
      resolve(undefined)
    }
    request
      .on('data', add)
      .once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
      .once('error', reject)
      .once('close', () => {
        // It follows each request: an error takes time to create.
        if (!request.readableEnded) reject(new Error('the client has disconnected'))
      })
  })
}

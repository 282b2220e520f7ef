import type { IncomingMessage } from 'node:http'

/** Reads the raw body; `undefined` if it is longer than `limitBytes`: the rest is then not read. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > limitBytes) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

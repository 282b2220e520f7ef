import type { IncomingMessage } from 'node:http'

/** The body as it came; `undefined`: it is longer than that, and the rest is not read. */
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

import type { Readable } from 'node:stream'

/** The response is larger than the limit; the rest was not read. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError'
}

/**
 * Reads a body as UTF-8. Throws ResponseTooLargeError beyond `limitBytes`; leaving the loop early closes the
 * connection.
 */
export async function readText(body: Readable, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limitBytes) throw new ResponseTooLargeError(`the response is larger than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Returns the parsed value; `undefined` for an empty body; for a body that is not JSON, a symbol that no schema
 * accepts.
 */
export function readJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    // PostgreSQL stores neither NUL nor lone surrogates; one invalid name must not fail the sync of a whole list.
    return unstorable.test(text) ? JSON.parse(text, cleanString) : JSON.parse(text)
  } catch {
    // The parser's error is dropped: its message quotes the body, which may contain secrets.
    return notJson
  }
}

const unstorable = /\\u(0000|d[89a-f][0-9a-f]{2})/i

const cleanString = (_key: string, value: unknown) =>
  typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : value

const notJson = Symbol('not JSON')

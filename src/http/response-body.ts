import type { Readable } from 'node:stream'

/** The answer went on past the limit; the rest was not read. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError'
}

/** Reads a body up to `limitBytes`; leaving the loop early closes the connection. */
export async function readText(body: Readable, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limitBytes) throw new ResponseTooLargeError(`the answer is larger than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The parsed value, `undefined` for an empty body, and for one that is not JSON a symbol that no schema accepts. */
export function readJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    // PostgreSQL stores neither NUL nor half a character, and one bad name must not stop a whole list.
    return unstorable.test(text) ? JSON.parse(text, cleanString) : JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which may hold secrets: it ends here.
    return unreadable
  }
}

const unstorable = /\\u(0000|d[89a-f][0-9a-f]{2})/i

const cleanString = (_key: string, value: unknown) =>
  typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : value

const unreadable = Symbol('not JSON')

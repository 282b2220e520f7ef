import type { Readable } from 'node:stream'

/** The answer went on past the limit; the rest was not read. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError'
}

/** Reads a body up to `limitBytes`; leaving the loop early closes the connection. */
export async function readText(body: Readable, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limitBytes) throw new AnswerTooLargeError(`the answer is larger than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The parsed value, `undefined` for an empty body, and for one that is not JSON a symbol that no schema accepts. */
export function readJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which may hold secrets: it ends here.
    return unreadable
  }
}

const unreadable = Symbol('not JSON')

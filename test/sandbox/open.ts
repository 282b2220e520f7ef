import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'

export interface Opened extends Sandbox {
  /** Sends a request below the sandbox's address; an object as body goes as JSON. */
  ask(method: string, path: string, options?: AskOptions): Promise<Asked>
  /** Presses a button of a hosted page and does not follow where it leads. */
  decide(page: string, decision: 'approve' | 'deny', fields?: Record<string, string>): Promise<Response>
  advance(seconds: number): void
}

export interface AskOptions {
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

export interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

/** A sandbox on a free port with a clock that stands still; it is closed when the test is over. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Opened> {
  let now = Date.parse('2026-11-22T12:00:00Z')
  const sandbox = await startSandbox({ port: 0, clock: { now: () => new Date(now) }, ...options })
  onTestFinished(() => sandbox.close())
  return {
    ...sandbox,
    advance(seconds) {
      now += seconds * 1000
    },
    decide: (page, decision, fields = {}) =>
      fetch(page, { method: 'POST', body: new URLSearchParams({ ...fields, decision }), redirect: 'manual' }),
    async ask(method, path, { headers = {}, body } = {}) {
      const json = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      const response = await fetch(new URL(path, sandbox.url), {
        method,
        headers: { ...type, ...headers },
        ...json,
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: parse(text) }
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'

export interface TestSandbox extends Sandbox {
  /** Sends a request to a path of the sandbox. A string body is sent unchanged, any other as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<TestResponse>
  /** Submits the form of a hosted page, without following a redirect. */
  decide(page: string, decision: 'approve' | 'deny', fields?: Record<string, string>): Promise<Response>
  /** Advances the clock of the sandbox. */
  advance(seconds: number): void
}

export interface RequestOptions {
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

export interface TestResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape
  readonly body: any
}

/** Starts a sandbox on a free port with a stopped clock (2026-11-22T12:00Z); it is closed when the test ends. */
export async function openSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
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
    async request(method, path, { headers = {}, body } = {}) {
      const content =
        body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
      const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      const response = await fetch(new URL(path, sandbox.url), {
        method,
        headers: { ...type, ...headers },
        ...content,
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

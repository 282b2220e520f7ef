import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { ConnectContext } from '../../src/connect/context.ts'
import { createGateway } from '../../src/gateway.ts'
import { createLog } from '../../src/log.ts'
import { providerDefinitions } from '../../src/providers/index.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { createHttpServer } from '../../src/server/server.ts'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { testDatabase } from './database.ts'

export const testApiKey = 'gw_test_key_that_is_long_enough'

export interface TestGateway {
  readonly url: string
  readonly sandbox: Sandbox
  readonly connect: ConnectContext
  readonly clock: TestClock
  /** Everything that was logged, as text. */
  readonly logged: () => string
  /** Sends a published document with the API key; GraphQL errors fail the test. */
  send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result>
  /** Sends anything. */
  post(query: string, variables?: object, headers?: Record<string, string>): Promise<Response>
  /** Talks to the sandbox's control API. */
  control(method: string, path: string, body?: object): Promise<Response>
  close(): Promise<void>
}

export interface TestGatewayOptions {
  /** Environment variables, beside test keys. */
  readonly env?: Record<string, string>
  readonly providerDeadlineMs?: number
  /** How long a reader waits for providers. */
  readonly patienceMs?: number
  /** Keeps what an earlier gateway of the same test stored. */
  readonly keepData?: boolean
  /** A sandbox that outlives the gateway. */
  readonly sandbox?: Sandbox
  readonly clock?: TestClock
}

/** The whole gateway over real HTTP on a free port, with its sandbox, one clock for both, and a store of its own. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const clock = options.clock ?? createTestClock()
  const lines: string[] = []
  const log = createLog('debug', { write: (line: string) => void lines.push(line) })
  const server = createHttpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox =
    options.sandbox ?? (await startSandbox({ port: 0, clock, pagesUrl: new URL(`${url}/sandbox`) }))
  const gateway = await createGateway({
    config: readConfig(providerDefinitions, { GATEWAY_API_KEY: testApiKey, ...options.env }),
    keys: { apiKey: testApiKey, encryptionKey: 'an encryption key for tests, long enough' },
    db: await testDatabase({ keep: options.keepData ?? false }),
    log,
    publicUrl: new URL(url),
    sandbox: { url: sandbox.url, pagesUrl: new URL(`${url}/sandbox`) },
    sandboxPage: sandbox.servePage,
    now: clock.now,
    ...(options.providerDeadlineMs === undefined ? {} : { providerDeadlineMs: options.providerDeadlineMs }),
    ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
  })
  server.on('request', gateway.handle)

  let closing: Promise<void> | undefined
  const close = () => (closing ??= end())
  async function end() {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await gateway.close()
    if (options.sandbox === undefined) await sandbox.close()
  }
  onTestFinished(close)

  const post: TestGateway['post'] = (
    query,
    variables = {},
    headers = { authorization: `Bearer ${testApiKey}` },
  ) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })

  return {
    url,
    sandbox,
    clock,
    close,
    post,
    connect: gateway.connect,
    logged: () => lines.join(''),
    async send(document, variables) {
      const response = await post(String(document), variables ?? {})
      const { data, errors } = (await response.json()) as { data: never; errors?: unknown }
      if (errors !== undefined) throw new Error(`GraphQL errors: ${JSON.stringify(errors)}`)
      return data
    },
    control: (method, path, body) =>
      fetch(`${sandbox.url.origin}/__sandbox/${path}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
  }
}

/** Does what an end user does: opens the page and presses a button. Answers where the browser is sent, and the page's answer. */
export async function decide(
  pageUrl: string,
  decision: 'approve' | 'deny',
  fields: Record<string, string> = {},
) {
  const page = await fetch(pageUrl)
  const html = await page.text()
  const form = new URLSearchParams({ decision })
  for (const [, name = '', value = ''] of html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g))
    form.set(name, value)
  form.set('decision', decision)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const response = await fetch(page.url, { method: 'POST', body: form, redirect: 'manual' })
  return { status: response.status, location: response.headers.get('location'), html: await response.text() }
}

import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { publishedOperations } from '../../../src/server/graphiql-tabs.ts'
import { openStream } from '../../graphql/subscribe.ts'
import { startTestGateway } from '../../helpers/gateway.ts'
import { postGraphQL, sendRequest, startWithoutProviders } from '../raw-request.ts'
import { startCookieOf, visit } from './visit.ts'

const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml' } }
const production = { NODE_ENV: 'production', GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) }

const dataIn = (text: string) =>
  JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/.exec(text)?.[1] ?? '')
const filesOf = (text: string): readonly string[] => [
  ...[...text.matchAll(/(?:src|href)="(assets\/graphiql-[^"]+)"/g)].map(([, path = '']) => path),
  ...Object.values<string>(dataIn(text).workers),
]

describe('GraphiQL', () => {
  test('is public and small, has the published operations as tabs, and a placeholder for the API key', async () => {
    const { url } = await startWithoutProviders()
    const { status, headers, text } = await visit(`${url}/graphql`, asBrowser)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text.length).toBeLessThan(50_000)
    const { options } = dataIn(text)
    const placeholder = '{\n  "authorization": "Bearer <your API key>"\n}'
    expect(options.defaultHeaders).toBe(placeholder)
    expect(options.defaultTabs).toEqual(
      publishedOperations().map((tab) => ({ ...tab, headers: placeholder })),
    )
    expect(options.additionalHeaders).toEqual({ 'x-graphql-yoga-csrf': 'graphiql' })
  })

  test('is neither cached nor framed, and runs only scripts of the gateway', async () => {
    const { url } = await startWithoutProviders()
    const { headers, text, policy } = await visit(`${url}/graphql`, asBrowser)
    expect(headers['cache-control']).toBe('no-store')
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'worker-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
    })
    expect(text).not.toMatch(/<script(?! (src|type="application\/json"))|(src|href)="(\w+:)?\/\//)
  })

  test('does not execute or repeat a query in the URL', async () => {
    const gateway = await startWithoutProviders()
    const headers = { ...asBrowser.headers, ...(await startCookieOf(gateway)) }
    for (const path of ['/graphql', '/graphql/', '/graphql/x'])
      expect((await visit(`${gateway.url}${path}?query={viewer{kind}}`, { headers })).text).not.toMatch(
        /"viewer"|viewer\{kind/,
      )
  })

  test.each([
    ['production', production, 401],
    ['production with GRAPHIQL=on', { ...production, GRAPHIQL: 'on' }, 200],
    ['development with GRAPHIQL=off', { GRAPHIQL: 'off' }, 401],
  ])('in %s: the page', async (_, env, status) => {
    const gateway = await startWithoutProviders(env)
    const page = await visit(`${gateway.url}/graphql`, asBrowser)
    expect(page.status).toBe(status)
    const name = filesOf((await visit(`${(await startWithoutProviders()).url}/graphql`, asBrowser)).text)[0]
    expect((await visit(`${gateway.url}/${name}`)).status).toBe(status === 200 ? 200 : 404)
    expect((await postGraphQL(gateway, '{"query":"{ viewer { kind } }"}')).status).toBe(200)
  })
})

describe('the files of GraphiQL', () => {
  test('are named by their content and cached for a year, compressed as the client accepts', async () => {
    const { url } = await startWithoutProviders()
    const paths = filesOf((await visit(`${url}/graphql`, asBrowser)).text)
    expect(paths).toHaveLength(5)
    for (const path of paths) {
      const get = (encoding: string) => sendRaw(`${url}/${path}`, encoding)
      const [plain, gzip, brotli] = [
        await get('identity'),
        await get('gzip, br;q=0'),
        await get('gzip, deflate, br'),
      ]
      expect(path).toMatch(/^assets\/graphiql(-\w+)?-[0-9a-f]{16}\.(js|css)$/)
      expect(gzip.encoding).toBe('gzip')
      expect(brotli.encoding).toBe('br')
      expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
      expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true)
      expect(brotli.body.length).toBeLessThan(plain.body.length / 2)
      expect(plain.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        'x-content-type-options': 'nosniff',
        'content-type': `text/${path.endsWith('.js') ? 'javascript' : 'css'}; charset=utf-8`,
      })
    }
  })

  test('with another hash are not found', async () => {
    const { url } = await startWithoutProviders()
    expect(await sendRequest(`${url}/assets/graphiql-0123456789abcdef.js`)).toMatchObject({ status: 404 })
  })
})

async function sendRaw(url: string, encoding: string) {
  const { headers, body } = await visit(url, { headers: { 'accept-encoding': encoding } })
  return { headers, body, encoding: headers['content-encoding'] }
}

test('each tab has variables with which its document can be executed', async () => {
  const gateway = await startTestGateway()
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  const failed: object[] = []
  for (const { query, variables } of publishedOperations()) {
    const values = variables === '' ? {} : JSON.parse(variables)
    const isStream = query.startsWith('subscription')
    const response = isStream
      ? (await openStream(gateway, { query, variables: values })).response
      : await gateway.post(query, values)
    if (response.status !== 200) failed.push({ query, status: response.status })
    if (isStream) continue
    const { errors, data } = (await response.json()) as { errors?: object; data?: Record<string, unknown> }
    const isRefused = JSON.stringify(data).includes('InvalidInputError')
    if (errors || isRefused) failed.push({ query, errors, data })
  }
  expect(failed).toEqual([])
})

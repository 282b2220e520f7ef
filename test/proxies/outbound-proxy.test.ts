import { request } from 'node:http'
import { beforeAll, expect, test, vi } from 'vitest'
import { ConnectionsDocument } from '../generated/graphql.ts'
import { startProxy, startTlsServer } from '../helpers/proxy.ts'
import { openSandbox } from '../sandbox/open.ts'
import { build, serve } from '../start/process.ts'
import { newStore } from '../start/store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

/** Fivetran in the sandbox, behind https with a private certificate. */
async function startFivetran() {
  const { url } = await openSandbox()
  return startTlsServer('api.fivetran.test', (incoming, response) => {
    const { method = 'GET', headers, url: path = '/' } = incoming
    const { host } = new URL(url)
    const forwarded = request(new URL(path, url), { method, headers: { ...headers, host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(forwarded)
  })
}

test('a gateway reaches its provider through HTTPS_PROXY only, and names the cause if it cannot', async () => {
  const fivetran = await startFivetran()
  const proxy = await startProxy('user:the-secret-password')
  const environment = {
    SANDBOX: 'off',
    LOG_LEVEL: 'debug',
    GATEWAY_API_KEY: 'gw_key_of_the_operator_of_the_gateway',
    FIVETRAN_API_KEY: 'sandbox-key',
    FIVETRAN_API_SECRET: 'sandbox-secret',
    FIVETRAN_GROUP_ID: 'sandbox_group',
    FIVETRAN_BASE_URL: `https://api.fivetran.test:${fivetran.port}/fivetran`,
    NODE_EXTRA_CA_CERTS: fivetran.certificateFile,
  }
  const syncOf = async (gateway: Awaited<ReturnType<typeof serve>>) =>
    (await gateway.send(ConnectionsDocument, {})).connections.syncStatus.find(
      ({ provider }) => provider === 'FIVETRAN',
    )
  const gateway = await serve({
    ...(await newStore()),
    ...environment,
    HTTPS_PROXY: `http://user:the-secret-password@127.0.0.1:${proxy.port}`,
  })
  await vi.waitFor(async () => expect(await syncOf(gateway)).toMatchObject({ state: 'FRESH', error: null }), {
    timeout: 60_000,
    interval: 500,
  })
  expect(proxy.tunnels[0]?.target).toBe(`api.fivetran.test:${fivetran.port}`)
  expect(gateway.stdout() + gateway.stderr()).not.toContain('the-secret-password')
  await gateway.stop()

  const misled = await serve({
    ...(await newStore()),
    ...environment,
    HTTPS_PROXY: `http://user:the-secret-typo@127.0.0.1:${proxy.port}`,
  })
  await vi.waitFor(
    async () => {
      await syncOf(misled)
      expect(misled.stderr()).toContain('"cause":"PROXY_STATUS_407"')
    },
    { timeout: 60_000, interval: 500 },
  )
  expect(misled.stdout() + misled.stderr()).not.toContain('the-secret-typo')
})

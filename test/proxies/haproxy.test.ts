import { expect, onTestFinished, test } from 'vitest'
import { startWithoutProviders } from '../server/raw-request.ts'
import { missingProxy, startHaproxy } from './proxy.ts'

const missing = missingProxy('haproxy')

test
  .skipIf(missing !== undefined)
  .each(['option httpchk', 'option httpchk GET /ready', 'option httpchk GET /health'])(
  'HAProxy finds the gateway healthy with `%s`, which sends HTTP/1.0 without Host',
  async (check) => {
    const gateway = await startWithoutProviders()
    const { host } = new URL(gateway.url)
    const proxy = await startHaproxy(`${check}\n  server one ${host} check inter 100ms rise 1 fall 1`)
    onTestFinished(proxy.stop)
    await expect.poll(() => checkStatus(proxy.origin), { timeout: 30_000 }).toBe('L7OK')
    expect((await fetch(`${proxy.origin}/health`)).status).toBe(200)

    gateway.announceShutdown()

    if (check.endsWith('/health')) expect(await checkStatus(proxy.origin)).toBe('L7OK')
    else await expect.poll(() => checkStatus(proxy.origin), { timeout: 30_000 }).toBe('L7STS')
  },
)

/** Result of the last check of the server: `L7OK`, or `L7STS` for another HTTP status than 2xx and 3xx. */
async function checkStatus(origin: string): Promise<string | undefined> {
  const [header = '', ...rows] = (await (await fetch(`${origin}/stats;csv`)).text()).split('\n')
  const column = header.split(',').indexOf('check_status')
  return rows
    .find((row) => row.startsWith('gateways,one,'))
    ?.split(',')
    [column]?.replace('* ', '')
}

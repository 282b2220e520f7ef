import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { onEmbedded, onPostgres } from '../helpers/database.ts'
import { freePort } from '../helpers/free-port.ts'
import { build, run, serve, temporaryFolder } from './process.ts'
import { serveSandbox } from './sandbox.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 })

beforeAll(build)

interface Finding {
  readonly subject: string
  readonly check: string
  readonly status: string
  readonly message: string
}

/** Runs `doctor --json`; `find` returns the finding of a check. */
async function doctor(environment: Record<string, string>, options = '') {
  const program = run(`doctor --json${options}`, environment)
  const { code } = await program.ended
  expect(program.stderr()).toBe('')
  const { checks }: { checks: readonly Finding[] } = JSON.parse(program.stdout())
  return {
    code,
    output: program.stdout(),
    checks,
    find: (subject: string, check: string) =>
      checks.find((one) => one.subject === subject && one.check === check),
    failed: checks
      .filter(({ status }) => status === 'FAIL')
      .map(({ subject, check }) => `${subject}: ${check}`),
  }
}

/** Real accounts at the sandbox, without a running gateway. */
async function openAccounts(more: Record<string, string> = {}) {
  const sandbox = await serveSandbox()
  const environment = { ...sandbox.realEnvironment, PORT: '0', ...more }
  return { ...sandbox, environment }
}

/** Answers every request until the test ends; returns the origin. */
async function serveStub(body: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(200, headers).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('nothing fails beside a running gateway, and no secret is printed', async () => {
  const store = await newStore()
  const gateway = await serve(store)
  const { origin } = new URL(gateway.url)
  const environment = {
    ...store,
    PORT: new URL(origin).port,
    PUBLIC_URL: origin,
    SANDBOX_PORT: new URL(gateway.sandboxUrl).port,
  }
  const { code, output, failed, find } = await doctor(environment)
  expect([failed, code]).toEqual([[], 0])
  expect(find('public URL', 'reachable')?.status).toBe('PASS')
  expect(find('gateway', 'running')?.status).toBe('PASS')
  for (const name of ['Fivetran', 'Census', 'Pipedream', 'xpander']) {
    for (const check of ['credentials', 'clock', 'catalogue'])
      expect([name, check, find(`${name} (sandbox)`, check)?.status]).toEqual([name, check, 'PASS'])
  }
  expect(find('Fivetran (sandbox)', 'webhook URL')?.status).toBe('PASS')
  expect(find('Fivetran (sandbox)', 'webhook registration')?.message).toContain('webhooks fivetran')
  expect(output).not.toMatch(/sandbox-(key|secret|pat|client)|\/webhooks\/fivetran/)

  expect(await run('webhooks fivetran', environment).ended).toMatchObject({ code: 0 })
  const registered = await doctor(environment)
  expect(registered.find('Fivetran (sandbox)', 'webhook registration')?.status).toBe('PASS')
  // Every check is a finding, also of the text report.
  const text = run('doctor', environment)
  expect(await text.ended).toMatchObject({ code: 0 })
  expect(text.stdout()).toMatch(
    /^PASS {2}settings: environment\.[\s\S]*\n\d+ passed, \d+ with a warning, 0 failed, \d+ skipped\n$/,
  )
  expect(gateway.stderr()).toBe('')
})

onEmbedded('the embedded database of a running gateway is skipped, and checked after its end', async () => {
  const store = await newStore()
  const gateway = await serve(store)
  const environment = { ...store, PORT: new URL(gateway.url).port, SANDBOX: 'off' }
  const beside = await doctor(environment)
  expect(beside.find('database', 'reachable')).toMatchObject({
    status: 'SKIP',
    message: expect.stringContaining('running gateway'),
  })
  await gateway.stop()
  const after = await doctor(environment)
  expect([after.failed, after.code]).toEqual([[], 0])
  for (const check of ['reachable', 'migrated', 'writable'])
    expect(after.find('database', check)?.status).toBe('PASS')
  expect(after.find('gateway', 'running')?.status).toBe('SKIP')
})

test('a data folder without a start is left as it is', async () => {
  const { code, find } = await doctor({ DATA_DIR: `${temporaryFolder()}/none`, PORT: '0', SANDBOX: 'off' })
  expect(code).toBe(0)
  expect(find('database', 'reachable')?.message).toContain('no database')
  expect(find('Census', 'configured')?.status).toBe('SKIP')
})

onPostgres('a database that is not migrated is a warning, and one that is down a failure', async () => {
  const store = await newStore()
  const environment = { ...store, PORT: '0', SANDBOX: 'off' }
  const empty = await doctor(environment)
  expect([empty.code, empty.find('database', 'migrated')?.status]).toEqual([0, 'WARN'])
  expect((await doctor(environment, ' --strict')).code).toBe(1)
  expect(await run('migrate', store).ended).toMatchObject({ code: 0 })
  const migrated = await doctor(environment)
  for (const check of ['migrated', 'writable', 'clock'])
    expect(migrated.find('database', check)?.status).toBe('PASS')

  const down = await doctor({ ...environment, DATABASE_URL: 'postgres://gw:hunter2@127.0.0.1:1/none' })
  expect([down.code, down.failed]).toEqual([1, ['database: reachable']])
  expect(down.find('database', 'reachable')?.message).toContain('see DATABASE_URL')
  expect(down.output).not.toContain('hunter2')
})

test('invalid settings have exit code 2, and all of them are named', async () => {
  const { code, checks } = await doctor({ PORT: 'x', CENSUS_API_VERSION: '3', DATA_DIR: temporaryFolder() })
  expect(code).toBe(2)
  expect(checks).toMatchObject([
    { subject: 'settings', status: 'FAIL', message: expect.stringMatching(/PORT[\s\S]*CENSUS_API_VERSION/) },
  ])
})

describe('each planted fault is found', () => {
  test.each([
    ['Fivetran', 'FIVETRAN_API_SECRET', 'FIVETRAN_API_KEY, FIVETRAN_API_SECRET'],
    ['Census', 'CENSUS_API_KEY', 'CENSUS_API_KEY'],
    ['Pipedream', 'PIPEDREAM_CLIENT_SECRET', 'PIPEDREAM_CLIENT_ID, PIPEDREAM_CLIENT_SECRET'],
    ['xpander', 'XPANDER_API_KEY', 'XPANDER_API_KEY'],
  ])('%s: a wrong key', async (name, variable, hint) => {
    const { environment } = await openAccounts({ [variable]: 'wrong-hunter2' })
    const { code, failed, find, output } = await doctor(environment)
    expect([code, failed]).toEqual([1, [`${name}: credentials`]])
    expect(find(name, 'credentials')?.message).toContain(`Check ${hint}`)
    expect(output).not.toContain('hunter2')
  })

  test('a skewed clock: a warning above 30 seconds, a failure above 5 minutes', async () => {
    const { environment, control } = await openAccounts()
    await control('POST', 'clock', { advanceSeconds: 90 })
    const warned = await doctor(environment)
    expect([warned.code, warned.failed]).toEqual([0, []])
    expect(warned.find('Census', 'clock')).toMatchObject({
      status: 'WARN',
      message: expect.stringContaining('ahead of'),
    })
    await control('POST', 'clock', { advanceSeconds: 600 })
    const failed = await doctor(environment)
    expect(failed.code).toBe(1)
    expect(failed.failed.toSorted()).toEqual([
      'Census: clock',
      'Composio: clock',
      'Fivetran: clock',
      'Nango: clock',
      'Pipedream: clock',
      'xpander: clock',
    ])
  })

  test('the wrong API family or version', async () => {
    const { environment, control } = await openAccounts()
    const fault = { provider: 'XPANDER', path: '/v1/tools', status: 404, body: { detail: 'Not Found' } }
    await control('POST', 'faults', { ...fault, times: 100 })
    const wrong = await doctor({ ...environment, XPANDER_API_FAMILY: 'tools' })
    expect(wrong.failed).toEqual(expect.arrayContaining(['xpander: API version']))
    expect(wrong.find('xpander', 'API version')?.message).toContain('XPANDER_API_FAMILY')
    expect(wrong.code).toBe(1)
    const unset = await doctor(environment)
    expect(unset.find('xpander', 'API version')).toMatchObject({
      status: 'WARN',
      message: expect.stringContaining('XPANDER_API_FAMILY=connectors'),
    })

    const { CENSUS_GROUP_ID: _, ...others } = { CENSUS_GROUP_ID: '', ...environment }
    const v1 = { ...others, CENSUS_API_VERSION: '1' }
    const mixed = await doctor({ ...v1, CENSUS_API_KEY: 'sandbox-pat' })
    expect(mixed.find('Census', 'API version')).toMatchObject({
      status: 'FAIL',
      message: expect.stringContaining('CENSUS_API_VERSION=2'),
    })
    const old = await doctor({ ...v1, CENSUS_API_KEY: 'secret-token:sandbox' })
    expect(old.find('Census', 'API version')?.message).toContain('2027-01-15')
  })

  test('rights that are missing, and too many', async () => {
    const { environment, control } = await openAccounts()
    await control('POST', 'faults', { provider: 'PIPEDREAM', path: '/accounts', status: 403, times: 100 })
    const data = { account_id: 'a', user_id: 'ada' }
    await control('POST', 'faults', {
      provider: 'FIVETRAN',
      path: '/account/info',
      status: 200,
      body: { data },
    })
    const { failed, find } = await doctor(environment)
    expect(failed).toEqual(['Pipedream: rights'])
    expect(find('Pipedream', 'credentials')?.status).toBe('PASS')
    expect(find('Fivetran', 'rights')).toMatchObject({
      status: 'WARN',
      message: expect.stringContaining('system key'),
    })
  })

  test('an empty catalogue', async () => {
    const { environment, control } = await openAccounts()
    const body = { data: [], page_info: { total_count: 0, count: 0, start_cursor: null, end_cursor: null } }
    await control('POST', 'faults', { provider: 'PIPEDREAM', path: '/apps', status: 200, body, times: 100 })
    expect((await doctor(environment)).failed).toEqual(['Pipedream: catalogue'])
  })

  test('an unreachable public URL, with the webhook URLs below it', async () => {
    const { environment } = await openAccounts()
    const started = await serve(environment)
    await started.stop()
    const port = await freePort()
    const { failed, find } = await doctor({ ...environment, PUBLIC_URL: `https://127.0.0.1:${port}` })
    expect(failed.toSorted()).toEqual([
      'Fivetran: webhook URL',
      'Nango: webhook URL',
      'Pipedream: webhook URL',
      'public URL: reachable',
    ])
    expect(find('Fivetran', 'webhook URL')?.message).toContain('ECONNREFUSED')
    // Without https, the providers send none.
    const plain = await doctor({ ...environment, PUBLIC_URL: `http://127.0.0.1:${port}` })
    expect(plain.find('Fivetran', 'webhook URL')?.status).toBe('WARN')
  })

  test('a public URL of another program, and of another gateway', async () => {
    const own = { ...(await newStore()), PORT: '0', SANDBOX: 'off' }
    await (await serve(own)).stop()
    const check = async (PUBLIC_URL: string) =>
      (await doctor({ ...own, PUBLIC_URL })).find('public URL', 'reachable')
    expect(await check(await serveStub('{"status":"up"}'))).toMatchObject({
      status: 'FAIL',
      message: expect.stringContaining('no gateway'),
    })
    const other = await serve({ ...(await newStore()), SANDBOX: 'off' })
    expect(await check(new URL(other.url).origin)).toMatchObject({
      status: 'FAIL',
      message: expect.stringContaining('another encryption key'),
    })
  })

  test('an application that does not answer at WEBHOOK_URL', async () => {
    const environment = {
      DATA_DIR: temporaryFolder(),
      PORT: '0',
      SANDBOX: 'off',
      WEBHOOK_SECRET: `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}`,
      WEBHOOK_ALLOW_PRIVATE: 'true',
    }
    const down = await doctor({ ...environment, WEBHOOK_URL: 'http://127.0.0.1:1/events' })
    expect(down.failed).toEqual(['application: reachable'])
    expect((await doctor({ ...environment, WEBHOOK_URL: await serveStub('') })).failed).toEqual([])
  })

  test('another program on the port of the gateway', async () => {
    const PORT = new URL(await serveStub('hello')).port
    const { failed } = await doctor({ DATA_DIR: temporaryFolder(), PORT, SANDBOX: 'off' })
    expect(failed).toEqual(['gateway: running'])
  })
})

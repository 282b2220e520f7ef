import { describe, expect, test } from 'vitest'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import { openProvider, type TestProvider } from './open.ts'

const stripe = xpanderConnectors.find(({ name }) => name === 'Stripe')?.id ?? ''
const setup = {
  definition: xpander,
  linkDefaults: { connectorKey: stripe, connectorName: 'Stripe', direction: 'TOOL' },
} as const

/** As FastAPI answers for a path that does not exist. */
const withoutFamily = (provider: TestProvider, path: string) =>
  provider.fault({ path: `/xpander/v1/${path}`, status: 404, body: { detail: 'Not Found' } })

const pathsOf = async (provider: TestProvider) =>
  (await provider.requests()).map(({ method, path }) => `${method} ${path.split('?')[0]}`)

const security = { authMethod: 'apiKey', apiKey: 'key' }
/** Of pino: the default level of the log. */
const warnLevel = 40
const fallbackLine = '/v1/connectors is used'

describe('without XPANDER_API_FAMILY', () => {
  test('/v1/tools is used', async () => {
    const provider = await openProvider(setup)
    await provider.connections()
    await provider.createLink({ options: { security } })
    expect(new Set(await pathsOf(provider))).toEqual(
      new Set(['GET /xpander/v1/tools', `POST /xpander/v1/tools/connectors/${stripe}/connect`]),
    )
    expect(provider.logged()).not.toContain(fallbackLine)
  })

  test('/v1/connectors is used if /v1/tools does not exist, which is found out once and logged', async () => {
    const provider = await openProvider(setup)
    await withoutFamily(provider, 'tools')
    expect((await provider.connectors()).length).toBeGreaterThan(60)
    await provider.connections()
    await provider.createLink({ options: { security } })
    const paths = await pathsOf(provider)
    expect(paths.filter((path) => path.includes('/tools'))).toEqual(['GET /xpander/v1/tools'])
    const lines = provider.logged().split('\n')
    expect(lines.filter((line) => line.includes(fallbackLine)).map((line) => JSON.parse(line).level)).toEqual(
      [warnLevel],
    )
  })

  test('a connect call that is the first call finds out too', async () => {
    const provider = await openProvider(setup)
    await withoutFamily(provider, 'tools')
    expect(await provider.createLink({ options: { security } })).toMatchObject({ kind: 'connected' })
    expect((await pathsOf(provider)).map((path) => path.split('/v1/')[1])).toEqual([
      `tools/connectors/${stripe}/connect`,
      `connectors/${stripe}/connect`,
    ])
  })

  test('an unknown connector is not taken for an unknown path', async () => {
    const provider = await openProvider(setup)
    const failing = provider.createLink({ connectorKey: 'unknown', options: { security } })
    await expect(failing).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await pathsOf(provider)).toHaveLength(1)
  })

  test('each adapter finds out for itself', async () => {
    const older = await openProvider(setup)
    await withoutFamily(older, 'tools')
    await older.connections()
    const newer = await openProvider(setup)
    await newer.connections()
    expect(new Set(await pathsOf(newer))).toEqual(new Set(['GET /xpander/v1/tools']))
  })

  test('an error names both families and the setting if neither exists', async () => {
    const provider = await openProvider(setup)
    await withoutFamily(provider, '')
    await expect(provider.connections()).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      message:
        'xpander has neither the paths /v1/tools nor /v1/connectors: check XPANDER_API_FAMILY and XPANDER_BASE_URL.',
    })
  })

  test('a 404 with another reason keeps it, and no other family is tried', async () => {
    const provider = await openProvider(setup)
    await provider.fault({ status: 404, body: { detail: 'Organization not found' } })
    for (const call of [() => provider.connections(), () => provider.createLink({ options: { security } })])
      await expect(call()).rejects.toMatchObject({
        code: 'PROVIDER_REJECTED',
        message: expect.stringContaining('(HTTP 404)'),
        providerMessage: 'Organization not found',
      })
    expect((await pathsOf(provider)).filter((path) => path.includes('/v1/connectors'))).toEqual([])
  })

  test('a 404 to the second page of a list only does not mean that the path is not known', async () => {
    const provider = await openProvider(setup)
    await provider.fault({ path: 'page=2', status: 404, body: { detail: 'Not Found' } })
    await expect(provider.connectors()).rejects.toMatchObject({
      code: 'PROVIDER_REJECTED',
      message: expect.stringContaining('(HTTP 404)'),
    })
  })

  test('a search that fails is replaced by the list', async () => {
    const provider = await openProvider(setup)
    await provider.fault({ path: '/xpander/v1/tools', times: 1, status: 503 })
    expect(await provider.createLink()).toMatchObject({ kind: 'open' })
    expect((await pathsOf(provider)).slice(0, 2)).toEqual(['GET /xpander/v1/tools', 'GET /xpander/v1/tools'])
  })

  test('a search that is rate-limited is an error: another call would be too', async () => {
    const provider = await openProvider(setup)
    await provider.fault({
      path: '/xpander/v1/tools',
      times: 1,
      status: 429,
      headers: { 'retry-after': '5' },
    })
    await expect(provider.createLink()).rejects.toMatchObject({ code: 'PROVIDER_RATE_LIMITED' })
  })
})

test.each(['connectors', 'tools'])(
  'the setting "%s" is not replaced; a wrong one is named',
  async (family) => {
    const provider = await openProvider({ ...setup, environment: { XPANDER_API_FAMILY: family } })
    await withoutFamily(provider, family)
    for (const call of [
      () => provider.connections(),
      () => provider.createLink(),
      () => provider.createLink({ options: { security } }),
    ])
      await expect(call()).rejects.toMatchObject({
        code: 'PROVIDER_REJECTED',
        message: `xpander does not have the paths /v1/${family}: check XPANDER_API_FAMILY and XPANDER_BASE_URL.`,
      })
    const others = (await pathsOf(provider)).filter((path) => !path.includes(`/v1/${family}`))
    expect(others).toEqual([])
  },
)

describe('hints about credentials', () => {
  const hintOf = async (provider: TestProvider) =>
    (await provider.connectors()).find(({ key }) => key === stripe)?.connectionHint

  test.each(['connectors', 'tools'])('are read in the API family "%s"', async (family) => {
    const provider = await openProvider({ ...setup, environment: { XPANDER_API_FAMILY: family } })
    expect(await hintOf(provider)).toBe('An API key of Stripe')
  })

  test('are absent if /v1/connectors does not exist or fails', async () => {
    for (const status of [404, 500]) {
      const provider = await openProvider(setup)
      await provider.fault({ path: '/xpander/v1/connectors', status })
      expect(await hintOf(provider)).toBeNull()
    }
  })
})

import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CreateConnectLinkDocument, type CreateConnectLinkInput } from '../generated/graphql.ts'
import { everyRow } from '../graphql/every-row.ts'
import { testDatabase } from '../helpers/database.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../helpers/gateway.ts'
import { sendRequest, startWithoutProviders } from './raw-request.ts'

describe('routes', () => {
  test('/health answers 200', async () => {
    const { url } = await startWithoutProviders()
    const health = await sendRequest(`${url}/health`)
    expect(health.status).toBe(200)
    expect(JSON.parse(health.text)).toEqual({ status: 'ok' })
    expect(health.headers.get('cache-control')).toBe('no-store')
  })

  test('/ready answers 200 if the database is migrated, else 503', async () => {
    const { url } = await startWithoutProviders()
    expect(await sendRequest(`${url}/ready`)).toMatchObject({ status: 200, text: '{"status":"ready"}' })
    await hideMigrations()
    expect(await sendRequest(`${url}/ready`)).toMatchObject({ status: 503, text: '{"status":"not ready"}' })
    expect(await sendRequest(`${url}/health`)).toMatchObject({ status: 200 })
  })

  test.each([
    '/nothing',
    '/connect',
    '/connect/',
    '/connect/a/b',
    '/sandbox/',
    '/sandbox/fivetran/v1/connections',
    '/sandbox/__sandbox/requests',
    '/__sandbox/requests',
    '/fivetran/v1/connections',
    '//evil.test',
    '/..%2f..%2fetc/passwd',
  ])('%s is not found', async (path) => {
    const { url } = await startWithoutProviders()
    expect(await sendRequest(`${url}${path}`)).toMatchObject({ status: 404 })
  })

  test.each(['/health', '/ready', '/'])('%s allows only GET and HEAD', async (path) => {
    const { url } = await startWithoutProviders()
    const { status, headers } = await sendRequest(`${url}${path}`, { method: 'POST' })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('a connect link', () => {
  test('works until it expires', async () => {
    const gateway = await startTestGateway()
    const { url } = await createHubspotLink(gateway, { expiresInSeconds: 3600 })
    gateway.clock.advance(3599)
    expect((await sendRequest(url)).status).toBe(200)
    gateway.clock.advance(1)
    const page = await sendRequest(url)
    expect(page.status).toBe(410)
    expect(page.text).toContain('This link has expired')
    expect(page.headers.get('location')).toBeNull()
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('shows "Already connected" after it has completed', async () => {
    const gateway = await startTestGateway()
    const { url } = await createHubspotLink(gateway)
    await submitProviderPage(url, 'approve')
    gateway.clock.advance(3)
    await gateway.poll()
    const page = await sendRequest(url)
    expect(page.status).toBe(410)
    expect(page.text).toContain('Already connected')
  })

  test.each([
    ['an unknown token', () => 'abc'],
    ['a truncated token', (token: string) => token.slice(0, -1)],
    ['a token with an extra character', (token: string) => `${token}A`],
    ['a token in lower case', (token: string) => token.toLowerCase()],
    ['a token with a trailing slash', (token: string) => `${token}/`],
    ['a token that is far too long', (token: string) => token.repeat(10)],
  ])('is not found by %s', async (_, change) => {
    const { url } = await createHubspotLink(await startTestGateway())
    const [, base = '', token = ''] = /^(.*\/connect\/)(.*)$/.exec(url) ?? []
    expect((await sendRequest(`${base}${change(token)}`)).status).toBe(404)
    expect((await sendRequest(url)).status).toBe(200)
  })

  test('has a token of 32 bytes that is not stored in clear text', async () => {
    const { url, providerUrl } = await createHubspotLink(await startTestGateway())
    const token = url.split('/').at(-1) ?? ''
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = await everyRow()
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(providerUrl)
  })
})

test('an unexpected error is masked in the response and logged', async () => {
  const gateway = await startTestGateway()
  await createHubspotLink(gateway)
  const db = await testDatabase({ keep: true })
  await db.updateTable('connectLinks').set({ tokenEncrypted: 'v1.lostkey1.nonce.text' }).execute()
  const response = await gateway.post('{ connectLinks { nodes { status url } } }')
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(JSON.parse(text)).toMatchObject({
    errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
  })
  expect(text).not.toContain('lostkey1')
  expect(gateway.logged()).toContain('lostkey1')
})

async function createHubspotLink({ send }: TestGateway, more: Partial<CreateConnectLinkInput> = {}) {
  const { createConnectLink } = await send(CreateConnectLinkDocument, {
    provider: 'FIVETRAN',
    input: { connector: 'hubspot', endUser: { id: 'user-1' }, ...more },
  })
  if (createConnectLink.__typename !== 'CreateConnectLinkPayload')
    throw new Error(JSON.stringify(createConnectLink))
  const { url, providerUrl } = createConnectLink.connectLink
  return { url: url ?? '', providerUrl: providerUrl ?? '' }
}

/** Makes the database appear older than the program, until the test ends. */
async function hideMigrations(): Promise<void> {
  const db = await testDatabase({ keep: true })
  await sql`alter table kysely_migration rename to hidden_migration`.execute(db)
  onTestFinished(async () => {
    await sql`drop table if exists kysely_migration`.execute(db)
    await sql`alter table hidden_migration rename to kysely_migration`.execute(db)
  })
}

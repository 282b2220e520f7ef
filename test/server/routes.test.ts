import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CreateConnectLinkDocument, type CreateConnectLinkInput } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { decide, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { ask, startDoor } from './raw-request.ts'

describe('the plain paths', () => {
  test('/health says that the process is alive', async () => {
    const { url } = await startDoor()
    const health = await ask(`${url}/health`)
    expect(health.status).toBe(200)
    expect(JSON.parse(health.text)).toEqual({ status: 'ok' })
    expect(health.headers.get('cache-control')).toBe('no-store')
  })

  test('/ready says whether the store is there and migrated', async () => {
    const { url } = await startDoor()
    expect(await ask(`${url}/ready`)).toMatchObject({ status: 200, text: '{"status":"ready"}' })
    await hideMigrations()
    expect(await ask(`${url}/ready`)).toMatchObject({ status: 503, text: '{"status":"not ready"}' })
    expect(await ask(`${url}/health`)).toMatchObject({ status: 200 })
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
  ])('%s is nothing', async (path) => {
    const { url } = await startDoor()
    expect(await ask(`${url}${path}`)).toMatchObject({ status: 404 })
  })

  test.each(['/health', '/ready', '/'])('%s is only read', async (path) => {
    const { url } = await startDoor()
    const { status, headers } = await ask(`${url}${path}`, { method: 'POST' })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, HEAD')
  })
})

describe("the gateway's own link", () => {
  test('works for as long as it lives and no longer', async () => {
    const gateway = await startTestGateway()
    const { url } = await makeLink(gateway, { expiresInSeconds: 3600 })
    gateway.clock.advance(3599)
    expect((await ask(url)).status).toBe(200)
    gateway.clock.advance(1)
    const door = await ask(url)
    expect(door.status).toBe(410)
    expect(door.text).toContain('This link has expired')
    expect(door.headers.get('location')).toBeNull()
    expect(door.headers.get('cache-control')).toBe('no-store')
  })

  test('says so when its work is done', async () => {
    const gateway = await startTestGateway()
    const { url } = await makeLink(gateway)
    await decide(url, 'approve')
    gateway.clock.advance(3)
    await gateway.poll()
    const door = await ask(url)
    expect(door.status).toBe(410)
    expect(door.text).toContain('Already connected')
  })

  test.each([
    ['an unknown token', () => 'abc'],
    ['a token that is cut off', (token: string) => token.slice(0, -1)],
    ['a token that goes on', (token: string) => `${token}A`],
    ['a token in other letters', (token: string) => token.toLowerCase()],
    ['a token with more behind it', (token: string) => `${token}/`],
    ['a token that is far too long', (token: string) => token.repeat(10)],
  ])('does not exist for %s', async (_, change) => {
    const { url } = await makeLink(await startTestGateway())
    const [, base = '', token = ''] = /^(.*\/connect\/)(.*)$/.exec(url) ?? []
    expect((await ask(`${base}${change(token)}`)).status).toBe(404)
    expect((await ask(url)).status).toBe(200)
  })

  test('is not to be guessed and stands in no table', async () => {
    const { url, providerUrl } = await makeLink(await startTestGateway())
    const token = url.split('/').at(-1) ?? ''
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const db = await testDatabase({ keep: true })
    const rows = JSON.stringify(await db.selectFrom('connectLinks').selectAll().execute())
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(providerUrl)
  })
})

test('what fails unexpectedly is masked for the caller and planned in the log', async () => {
  const gateway = await startTestGateway()
  await makeLink(gateway)
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

async function makeLink({ send }: TestGateway, more: Partial<CreateConnectLinkInput> = {}) {
  const { createConnectLink } = await send(CreateConnectLinkDocument, {
    provider: 'FIVETRAN',
    input: { connector: 'hubspot', endUser: { id: 'user-1' }, ...more },
  })
  if (createConnectLink.__typename !== 'CreateConnectLinkPayload')
    throw new Error(JSON.stringify(createConnectLink))
  const { url, providerUrl } = createConnectLink.connectLink
  return { url: url ?? '', providerUrl: providerUrl ?? '' }
}

/** As if the database were older than the program, until the test is over. */
async function hideMigrations(): Promise<void> {
  const db = await testDatabase({ keep: true })
  await sql`alter table kysely_migration rename to hidden_migration`.execute(db)
  onTestFinished(async () => {
    await sql`drop table if exists kysely_migration`.execute(db)
    await sql`alter table hidden_migration rename to kysely_migration`.execute(db)
  })
}

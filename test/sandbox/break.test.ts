import { describe, expect, test } from 'vitest'
import { type Opened, openSandbox } from './open.ts'

const key = { authorization: 'Bearer secret-token:sandbox' }

describe('a connection can be broken', () => {
  const fivetran = { authorization: `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}` }
  const spoil = (sandbox: Opened, body: unknown) => sandbox.ask('POST', '/__sandbox/break', { body })

  test('at Fivetran, and its card mends it', async () => {
    const sandbox = await openSandbox({ connections: 5 })
    const path = '/fivetran/v1/connections/sandbox_outside_00001'
    const state = async () => {
      const { data } = (await sandbox.ask('GET', path, { headers: fivetran })).body
      return [data.status.setup_state, data.status.tasks.map(({ code }: { code: string }) => code)]
    }
    expect(await state()).toEqual(['connected', []])
    expect((await spoil(sandbox, { vendor: 'FIVETRAN', id: 'sandbox_outside_00001' })).status).toBe(204)
    expect(await state()).toEqual(['broken', ['reconnect']])
    const body = { connect_card_config: { redirect_uri: 'https://app.example/back' } }
    const card = (await sandbox.ask('POST', `${path}/connect-card`, { headers: fivetran, body })).body.data
    await sandbox.decide(card.connect_card.uri, 'deny')
    expect(await state()).toEqual(['broken', ['reconnect']])
    await sandbox.decide(card.connect_card.uri, 'approve')
    expect(await state()).toEqual(['connected', []])
  })

  test('at Census, where a number may belong to a destination and to a source', async () => {
    const sandbox = await openSandbox({ connections: 5 })
    const succeeded = async (kind: string) => {
      const { body } = await sandbox.ask('GET', `/census/api/v1/${kind}/10000001`, { headers: key })
      return body.data.last_test_succeeded
    }
    const one = { vendor: 'census', id: '10000001' }
    expect((await spoil(sandbox, { ...one, kind: 'source' })).status).toBe(204)
    expect([await succeeded('destinations'), await succeeded('sources')]).toEqual([true, false])
    expect((await spoil(sandbox, one)).status).toBe(204)
    expect([await succeeded('destinations'), await succeeded('sources')]).toEqual([false, false])
    const activation = { vendor: 'census', id: 'sandbox_outside_1' }
    expect((await spoil(sandbox, activation)).status).toBe(204)
    expect((await spoil(sandbox, { ...activation, kind: 'source' })).status).toBe(404)
  })

  test.each([
    [{}, { healthy: false, dead: null }],
    [{ dead: true }, { healthy: false, dead: true }],
  ])('at Pipedream, and says when: %j', async (how, state) => {
    const sandbox = await openSandbox({ connections: 5 })
    const client = { grant_type: 'client_credentials', client_id: 'sandbox-client' }
    const { body } = await sandbox.ask('POST', '/pipedream/v1/oauth/token', {
      body: { ...client, client_secret: 'sandbox-secret' },
    })
    const headers = { authorization: `Bearer ${body.access_token}`, 'x-pd-environment': 'development' }
    const path = '/pipedream/v1/connect/proj_sandbox/accounts'
    const account = () => sandbox.ask('GET', `${path}/apn_0d000001`, { headers })
    expect((await account()).body).toMatchObject({ healthy: true })
    sandbox.advance(60)
    expect((await spoil(sandbox, { vendor: 'pipedream', id: 'apn_0d000001', ...how })).status).toBe(204)
    expect((await account()).body).toMatchObject({ ...state, updated_at: '2026-11-22T12:01:00.000Z' })
    expect((await sandbox.ask('GET', path, { headers })).body.data).toHaveLength(5)
  })

  test.each([
    ['an unknown vendor', { vendor: 'acme', id: '1' }, 400, 'vendor must be one of'],
    ['xpander, whose connections have no state', { vendor: 'xpander', id: '1' }, 400, 'does not tell'],
    ['no id', { vendor: 'fivetran' }, 400, 'id must be a text'],
    ['nothing', undefined, 400, 'vendor must be one of'],
    ['a connection of Fivetran that is not there', { vendor: 'fivetran', id: '1' }, 404, 'no such'],
    ['a connection of Census that is not there', { vendor: 'census', id: '1' }, 404, 'no such'],
    ['an account that is not there', { vendor: 'pipedream', id: '1' }, 404, 'no such'],
  ])('but not %s', async (_, body, status, message) => {
    const sandbox = await openSandbox()
    const answer = await spoil(sandbox, body)
    expect(answer).toMatchObject({ status, body: { error: expect.stringContaining(message) } })
  })
})

import { describe, expect, test } from 'vitest'
import { openSandbox, type TestSandbox } from './open.ts'

const key = { authorization: 'Bearer secret-token:sandbox' }

describe('POST /__sandbox/break', () => {
  const fivetran = { authorization: `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}` }
  const breakConnection = (sandbox: TestSandbox, body: unknown) =>
    sandbox.request('POST', '/__sandbox/break', { body })

  test('breaks a Fivetran connection until its Connect Card is approved', async () => {
    const sandbox = await openSandbox({ connections: 5 })
    const path = '/fivetran/v1/connections/sandbox_outside_00001'
    const state = async () => {
      const { data } = (await sandbox.request('GET', path, { headers: fivetran })).body
      return [data.status.setup_state, data.status.tasks.map(({ code }: { code: string }) => code)]
    }
    expect(await state()).toEqual(['connected', []])
    expect((await breakConnection(sandbox, { vendor: 'FIVETRAN', id: 'sandbox_outside_00001' })).status).toBe(
      204,
    )
    expect(await state()).toEqual(['broken', ['reconnect']])
    const body = { connect_card_config: { redirect_uri: 'https://app.example/back' } }
    const card = (await sandbox.request('POST', `${path}/connect-card`, { headers: fivetran, body })).body
      .data
    await sandbox.decide(card.connect_card.uri, 'deny')
    expect(await state()).toEqual(['broken', ['reconnect']])
    await sandbox.decide(card.connect_card.uri, 'approve')
    expect(await state()).toEqual(['connected', []])
  })

  test('breaks a Census connection by kind: a destination and a source can share an ID', async () => {
    const sandbox = await openSandbox({ connections: 5 })
    const succeeded = async (kind: string) => {
      const { body } = await sandbox.request('GET', `/census/api/v1/${kind}/10000001`, { headers: key })
      return body.data.last_test_succeeded
    }
    const target = { vendor: 'census', id: '10000001' }
    expect((await breakConnection(sandbox, { ...target, kind: 'source' })).status).toBe(204)
    expect([await succeeded('destinations'), await succeeded('sources')]).toEqual([true, false])
    expect((await breakConnection(sandbox, target)).status).toBe(204)
    expect([await succeeded('destinations'), await succeeded('sources')]).toEqual([false, false])
    const activation = { vendor: 'census', id: 'sandbox_outside_1' }
    expect((await breakConnection(sandbox, activation)).status).toBe(204)
    expect((await breakConnection(sandbox, { ...activation, kind: 'source' })).status).toBe(404)
  })

  test.each([
    [{}, { healthy: false, dead: null }],
    [{ dead: true }, { healthy: false, dead: true }],
  ])('breaks a Pipedream account and updates updated_at: %j', async (options, state) => {
    const sandbox = await openSandbox({ connections: 5 })
    const client = { grant_type: 'client_credentials', client_id: 'sandbox-client' }
    const { body } = await sandbox.request('POST', '/pipedream/v1/oauth/token', {
      body: { ...client, client_secret: 'sandbox-secret' },
    })
    const headers = { authorization: `Bearer ${body.access_token}`, 'x-pd-environment': 'development' }
    const path = '/pipedream/v1/connect/proj_sandbox/accounts'
    const account = () => sandbox.request('GET', `${path}/apn_0d000001`, { headers })
    expect((await account()).body).toMatchObject({ healthy: true })
    sandbox.advance(60)
    expect(
      (await breakConnection(sandbox, { vendor: 'pipedream', id: 'apn_0d000001', ...options })).status,
    ).toBe(204)
    expect((await account()).body).toMatchObject({ ...state, updated_at: '2026-11-22T12:01:00.000Z' })
    expect((await sandbox.request('GET', path, { headers })).body.data).toHaveLength(5)
  })

  test.each([
    ['an unknown vendor', { vendor: 'unknown', id: '1' }, 400, 'vendor must be one of'],
    [
      'xpander, which does not report the state of connections',
      { vendor: 'xpander', id: '1' },
      400,
      'does not report',
    ],
    ['a missing id', { vendor: 'fivetran' }, 400, 'id must be a non-empty string'],
    ['a missing body', undefined, 400, 'vendor must be one of'],
    ['an unknown connection of Fivetran', { vendor: 'fivetran', id: '1' }, 404, 'no such'],
    ['an unknown connection of Census', { vendor: 'census', id: '1' }, 404, 'no such'],
    ['an unknown account of Pipedream', { vendor: 'pipedream', id: '1' }, 404, 'no such'],
  ])('returns an error for %s', async (_, body, status, message) => {
    const sandbox = await openSandbox()
    const response = await breakConnection(sandbox, body)
    expect(response).toMatchObject({ status, body: { error: expect.stringContaining(message) } })
  })
})

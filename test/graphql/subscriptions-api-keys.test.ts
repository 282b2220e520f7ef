import { describe, expect, test, vi } from 'vitest'
import { ServiceUnavailableError } from '../../src/domain/errors.ts'
import { RevokeApiKeyDocument } from '../generated/graphql.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { addLink } from '../store/rows.ts'
import { asApiKey, rotateKey, startTwoGateways } from './as-api-key.ts'
import { eventData, openStream } from './subscribe.ts'

describe('an event stream of an API key ends with UNAUTHENTICATED', () => {
  const query = 'subscription { connectLinkUpdated { id } }'
  const ended = [{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]

  test('after the key is revoked at another gateway; streams of other keys go on', async () => {
    const { one, other } = await startTwoGateways()
    const [revoked, valid] = [await asApiKey(one), await asApiKey(one)]
    const stream = await openStream(other, { query, headers: revoked.headers })
    const unaffected = await openStream(other, { query, headers: valid.headers })
    for (const { until } of [stream, unaffected]) await until(/^:/)
    await one.send(RevokeApiKeyDocument, { id: revoked.id })
    expect(eventData(await stream.toItsEnd())).toMatchObject(ended)
    other.cutConnections()
    expect(eventData(await unaffected.toItsCut())).toEqual([])
  })

  test('when the key expires, and when the overlap of a rotated key ends', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const expiring = await asApiKey(gateway, { expiresInSeconds: 1_000 })
    const rotated = await asApiKey(gateway)
    const streams = []
    for (const { headers } of [expiring, rotated]) streams.push(await openStream(gateway, { query, headers }))
    for (const { until } of streams) await until(/^:/)
    await rotateKey(gateway, rotated.id, 1_000)
    gateway.clock.advance(1_000)
    for (const { toItsEnd } of streams) expect(eventData(await toItsEnd())).toMatchObject(ended)
  })

  test('or with INTERNAL_SERVER_ERROR, when they cannot be checked because of a defect', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const { headers } = await asApiKey(gateway)
    const stream = await openStream(gateway, { query, headers })
    await stream.until(/^:/)
    vi.spyOn(gateway.connect.apiKeys, 'find').mockRejectedValue(new TypeError('a defect'))
    expect(eventData(await stream.toItsEnd())).toMatchObject([
      { errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ])
  })

  test('not while the database cannot be used; what happens meanwhile is sent after the next check', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const { headers } = await asApiKey(gateway)
    const stream = await openStream(gateway, { query, headers })
    await stream.until(/^:/)
    const find = vi
      .spyOn(gateway.connect.apiKeys, 'find')
      .mockRejectedValue(new ServiceUnavailableError('The database cannot be used at the moment.'))
    await vi.waitFor(() => expect(find).toHaveBeenCalledTimes(2), { timeout: 20_000 })
    await addLink(gateway.connect.db)
    const received = stream.until(/event: next\ndata: .*\n/)
    const pause = new Promise((resolve) => setTimeout(resolve, 500, 'nothing'))
    expect(await Promise.race([received, pause])).toBe('nothing')
    find.mockRestore()
    expect(eventData(await received)).toEqual([
      { data: { connectLinkUpdated: { id: expect.stringMatching(/./) } } },
    ])
  })

  test('not at once, for a key that is valid for years', async () => {
    const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
    const { headers } = await asApiKey(gateway, { expiresInSeconds: 315_360_000 })
    const stream = await openStream(gateway, { query, headers })
    await stream.until(/^:/)
    await new Promise((resolve) => setTimeout(resolve, 50))
    gateway.cutConnections()
    expect(eventData(await stream.toItsCut())).toEqual([])
  })
})

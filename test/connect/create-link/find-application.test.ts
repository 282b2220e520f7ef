import { expect, test } from 'vitest'
import { findApplicationOrThrow } from '../../../src/connect/create-link/find-application.ts'
import { ProviderError } from '../../../src/domain/errors.ts'
import { openConnect } from '../open.ts'
import { connector } from '../script.ts'

test('a catalogue that has been read and is empty hides nothing: what nobody offers is not found', async () => {
  const { context, script } = await openConnect()
  script.connectors = async function* () {}
  await expect(findApplicationOrThrow(context, 'hubspot')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(findApplicationOrThrow(context, 'hubspot')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('one that could not be read may hold it, and holds it once it has been read', async () => {
  const { context, script, clock } = await openConnect()
  script.connectors = async function* () {
    yield await Promise.reject(new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'down'))
  }
  const unavailable = { code: 'PROVIDER_UNAVAILABLE', provider: 'FIVETRAN', retryable: true }
  await expect(findApplicationOrThrow(context, 'hubspot')).rejects.toMatchObject(unavailable)
  script.connectors = async function* () {
    yield [connector('hubspot', { name: 'HubSpot' })]
  }
  clock.advance(3)
  expect(await findApplicationOrThrow(context, 'hubspot')).toMatchObject({
    application: { slug: 'hubspot' },
    unsynced: new Set(),
  })
})

import { expect, test } from 'vitest'
import { findApplicationOrThrow } from '../../../src/connect/create-link/find-application.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import { openConnect } from '../open.ts'
import { connector } from '../script.ts'

test('throws NOT_FOUND for an unknown application if the synced catalogue is empty', async () => {
  const { context, script } = await openConnect()
  script.connectors = async function* () {}
  await expect(
    findApplicationOrThrow(context, 'hubspot', context.providers.configured),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(
    findApplicationOrThrow(context, 'hubspot', context.providers.configured),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('throws a retryable error while the catalogue cannot be synced, and finds the application once it is synced', async () => {
  const { context, script, clock } = await openConnect()
  script.connectors = async function* () {
    yield await Promise.reject(new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'down'))
  }
  const unavailable = { code: 'PROVIDER_UNAVAILABLE', provider: 'FIVETRAN', retryable: true }
  await expect(
    findApplicationOrThrow(context, 'hubspot', context.providers.configured),
  ).rejects.toMatchObject(unavailable)
  script.connectors = async function* () {
    yield [connector('hubspot', { name: 'HubSpot' })]
  }
  clock.advance(3)
  expect(await findApplicationOrThrow(context, 'hubspot', context.providers.configured)).toMatchObject({
    application: { slug: 'hubspot' },
    unsynced: new Set(),
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { providerVariants } from '../helpers/providers.ts'
import { openSandbox } from '../sandbox/open.ts'
import { openProvider } from './open.ts'

test.each(providerKeys)('%s has a test file that runs the contract', (key) => {
  const folder = new URL('./', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.startsWith(key.toLowerCase()))
  const texts = files.map((file) => readFileSync(new URL(file, folder), 'utf8'))
  expect(texts.some((text) => /^ *testProvider\(/m.test(text))).toBe(true)
})

test.each(providerKeys)('%s has a vendor in the sandbox', async (provider) => {
  const sandbox = await openSandbox()
  const body = { provider, status: 500 }
  expect((await sandbox.request('POST', '/__sandbox/faults', { body })).status).toBe(201)
})

test.each(providerVariants)(
  'the catalogue of %s %j has the connector of its fixture and one named HubSpot',
  async (key, environment) => {
    const { connectorKey, connectorName, newLink } = providerFixtures[key]
    const linkDefaults = { connectorKey, connectorName, direction: newLink.direction }
    const provider = await openProvider({ definition: definitionByKey[key], environment, linkDefaults })
    const connectors = (await provider.connectors()).filter(
      ({ directions, linkable }) => linkable && directions.includes(newLink.direction),
    )
    expect(connectors.filter((one) => one.key === connectorKey)).toMatchObject([{ name: connectorName }])
    expect(connectors.filter(({ name }) => name === 'HubSpot')).toHaveLength(1)
  },
)

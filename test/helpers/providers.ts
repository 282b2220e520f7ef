import { type ProviderKey, providerKeys } from '../../src/domain/provider-key.ts'
import type { Capabilities, ProviderAdapter } from '../../src/providers/adapter.ts'
import type { Environment } from '../../src/providers/definition.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import { createTestLog } from './log.ts'

/** Each provider with each environment that selects a variant of its API. */
export const providerVariants = providerKeys.flatMap((key) =>
  providerFixtures[key].environments.map((env) => [key, env] as const),
)

function sandboxSettings(key: ProviderKey, environment: Environment) {
  const definition = definitionByKey[key]
  const variables = definition.sandboxVariables('http://127.0.0.1', environment)
  const settings = definition.parseSettings({ ...environment, ...variables })
  if (!settings.ok) throw new Error(`the sandbox settings of ${key} are invalid`)
  return settings
}

export const capabilitiesOf = (key: ProviderKey, environment: Environment = {}): Capabilities =>
  sandboxSettings(key, environment).capabilities

type Feature = 'successRedirect' | 'reconnect' | 'disconnect'

/** The providers with a feature in their default environment. */
export const providersWith = (feature: Feature): readonly ProviderKey[] =>
  providerKeys.filter((key) => capabilitiesOf(key)[feature])

export const providersWithout = (feature: Feature): readonly ProviderKey[] =>
  providerKeys.filter((key) => !capabilitiesOf(key)[feature])

/** The adapter of a provider, to see which methods it has. Its requests fail. */
export function adapterOf(key: ProviderKey): ProviderAdapter {
  const http = () => ({ send: () => Promise.reject(), find: () => Promise.reject() })
  const context = {
    http,
    log: createTestLog().log,
    now: () => new Date(),
    toGatewayTime: () => null,
    sandbox: true,
    trustedOrigins: [],
  }
  return sandboxSettings(key, {}).bind(context).adapter
}

import { expect, test } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { census } from '../../src/providers/census/census.ts'
import type { Environment, ProviderDefinition } from '../../src/providers/definition.ts'
import { providerDefinitions } from '../../src/providers/index.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { createTestLog } from '../helpers/log.ts'

const problems = (definition: ProviderDefinition, environment: Environment) => {
  const settings = definition.parseSettings(environment)
  return settings.ok ? [] : settings.problems
}

const accountKeyOf = (definition: ProviderDefinition, environment: Environment) => {
  const settings = definition.parseSettings(environment)
  if (!settings.ok) throw new Error('the settings are invalid')
  // `bind` sends no requests.
  const http = () => ({ send: () => Promise.reject(), find: () => Promise.reject() })
  return settings.bind({
    http,
    log: createTestLog().log,
    now: () => new Date(),
    toGatewayTime: () => null,
    sandbox: false,
    trustedOrigins: [],
  }).accountKey
}

test('providerDefinitions has one definition per provider, in the order of providerKeys', () => {
  expect(providerDefinitions.map(({ key }) => key)).toEqual(providerKeys)
})

test.each(providerDefinitions)('$name accepts its sandbox variables', (definition) => {
  const variables = definition.sandboxVariables('http://127.0.0.1:4010', {})
  expect(problems(definition, variables)).toEqual([])
  const unknown = Object.keys(variables).filter((name) => !definition.variables.includes(name))
  expect(unknown).toEqual([])
})

test.each(providerDefinitions)('$name reports each missing variable', (definition) => {
  const missing = problems(definition, {})
  expect(missing.map(({ variable }) => variable).toSorted()).toEqual(definition.credentials.toSorted())
  expect(new Set(missing.map(({ message }) => message))).toEqual(new Set(['is required']))
})

test('Census requires a group in version 2 only', () => {
  const key = { CENSUS_API_KEY: 'the-secret-key' }
  expect(problems(census, { ...key, CENSUS_API_VERSION: '1' })).toEqual([])
  const missing = [{ variable: 'CENSUS_GROUP_ID', message: 'is required' }]
  expect(problems(census, { ...key, CENSUS_API_VERSION: '2' })).toEqual(missing)
  expect(problems(census, key)).toEqual(missing)
})

test('an invalid enum value is rejected with a message that does not contain it', () => {
  const environments: readonly (readonly [ProviderDefinition, string, string])[] = [
    [census, 'CENSUS_API_VERSION', 'must be one of 1, 2'],
    [pipedream, 'PIPEDREAM_ENVIRONMENT', 'must be one of development, production'],
    [xpander, 'XPANDER_API_FAMILY', 'must be one of connectors, tools'],
  ]
  for (const [definition, variable, message] of environments) {
    const variables = { ...definition.sandboxVariables('http://127.0.0.1:4010', {}), [variable]: '3' }
    expect(problems(definition, variables)).toEqual([{ variable, message }])
  }
})

test('account keys differ by account, version and environment and contain no API key', () => {
  const key = { CENSUS_API_KEY: 'the-secret-key' }
  const pipedreamIds = {
    PIPEDREAM_CLIENT_ID: 'id',
    PIPEDREAM_CLIENT_SECRET: 'the-secret',
    PIPEDREAM_PROJECT_ID: 'proj_1',
  }
  const accountKeys = [
    accountKeyOf(census, { ...key, CENSUS_API_VERSION: '1' }),
    accountKeyOf(census, { CENSUS_API_KEY: 'another-secret', CENSUS_API_VERSION: '1' }),
    accountKeyOf(census, { ...key, CENSUS_GROUP_ID: 'g' }),
    accountKeyOf(pipedream, pipedreamIds),
    accountKeyOf(pipedream, { ...pipedreamIds, PIPEDREAM_ENVIRONMENT: 'production' }),
    accountKeyOf(xpander, { XPANDER_API_KEY: 'the-secret-key' }),
  ]
  expect(new Set(accountKeys).size).toBe(accountKeys.length)
  expect(accountKeys.join()).not.toContain('secret')
})

test.each([
  [census, { CENSUS_API_VERSION: '1' }, 'CENSUS'],
  [xpander, {}, 'XPANDER'],
] as const)('$name: a named account has one account key for all API keys', (definition, settings, prefix) => {
  const withKey = (key: string, name?: string) =>
    accountKeyOf(definition, { ...settings, [`${prefix}_API_KEY`]: key, [`${prefix}_ACCOUNT`]: name })
  expect(withKey('one', 'acme')).toBe(withKey('two', ' acme '))
  const accountKeys = [withKey('one'), withKey('two'), withKey('one', 'acme'), withKey('one', 'other')]
  expect(new Set(accountKeys).size).toBe(accountKeys.length)
  const variable = `${prefix}_ACCOUNT`
  const tooLong = {
    ...definition.sandboxVariables('http://127.0.0.1', settings),
    [variable]: 'a'.repeat(101),
  }
  expect(problems(definition, tooLong)).toEqual([{ variable, message: 'must have at most 100 characters' }])
})

test('both API families of xpander have the same account key', () => {
  const key = { XPANDER_API_KEY: 'key' }
  expect(accountKeyOf(xpander, { ...key, XPANDER_API_FAMILY: 'tools' })).toBe(accountKeyOf(xpander, key))
})

import { expect, test } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { census } from '../../src/providers/census/census.ts'
import type { Environment, ProviderDefinition } from '../../src/providers/definition.ts'
import { providerDefinitions } from '../../src/providers/index.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'

const problems = (definition: ProviderDefinition, environment: Environment) => {
  const read = definition.parseSettings(environment)
  return read.ok ? [] : read.problems
}

const scope = (definition: ProviderDefinition, environment: Environment) => {
  const read = definition.parseSettings(environment)
  if (!read.ok) throw new Error('refused')
  // Binding alone calls nobody.
  const http = () => ({ send: () => Promise.reject(), find: () => Promise.reject() })
  return read.bind({ http, now: () => new Date(), sandbox: false, trustedOrigins: [] }).accountKey
}

test('there is one definition for each provider, in the order of their keys', () => {
  expect(providerDefinitions.map(({ key }) => key)).toEqual(providerKeys)
})

test.each(providerDefinitions)('$name is ready with what points it at a sandbox', (definition) => {
  const variables = definition.sandboxVariables('http://127.0.0.1:4010', {})
  expect(problems(definition, variables)).toEqual([])
  const unknown = Object.keys(variables).filter((name) => !definition.variables.includes(name))
  expect(unknown).toEqual([])
})

test.each(providerDefinitions)('$name names each variable that it misses', (definition) => {
  const missing = problems(definition, {})
  expect(missing.map(({ variable }) => variable).toSorted()).toEqual(definition.credentials.toSorted())
  expect(new Set(missing.map(({ message }) => message))).toEqual(new Set(['is required']))
})

test('Census needs a group in version 2 only', () => {
  const key = { CENSUS_API_KEY: 'the-secret-key' }
  expect(problems(census, { ...key, CENSUS_API_VERSION: '1' })).toEqual([])
  const missing = [{ variable: 'CENSUS_GROUP_ID', message: 'is required' }]
  expect(problems(census, { ...key, CENSUS_API_VERSION: '2' })).toEqual(missing)
  expect(problems(census, key)).toEqual(missing)
})

test('a word that is not one of the few is refused without being repeated', () => {
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

test('a scope tells accounts, versions and environments apart and shows no key', () => {
  const key = { CENSUS_API_KEY: 'the-secret-key' }
  const pipedreamIds = {
    PIPEDREAM_CLIENT_ID: 'id',
    PIPEDREAM_CLIENT_SECRET: 'the-secret',
    PIPEDREAM_PROJECT_ID: 'proj_1',
  }
  const scopes = [
    scope(census, { ...key, CENSUS_API_VERSION: '1' }),
    scope(census, { CENSUS_API_KEY: 'another-secret', CENSUS_API_VERSION: '1' }),
    scope(census, { ...key, CENSUS_GROUP_ID: 'g' }),
    scope(pipedream, pipedreamIds),
    scope(pipedream, { ...pipedreamIds, PIPEDREAM_ENVIRONMENT: 'production' }),
    scope(xpander, { XPANDER_API_KEY: 'the-secret-key' }),
  ]
  expect(new Set(scopes).size).toBe(scopes.length)
  expect(scopes.join()).not.toContain('secret')
})

test('both families of xpander show the same connections', () => {
  const key = { XPANDER_API_KEY: 'key' }
  expect(scope(xpander, { ...key, XPANDER_API_FAMILY: 'tools' })).toBe(scope(xpander, key))
})

import { describe, expect, test } from 'vitest'
import { providerKeys } from '../../src/domain/provider-key.ts'
import { allOff, allSandbox, problemsOf, readEnvironment } from '../helpers/config.ts'

const production = {
  NODE_ENV: 'production',
  GATEWAY_API_KEY: 'a'.repeat(32),
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32),
}
const fivetran = { FIVETRAN_API_KEY: 'a', FIVETRAN_API_SECRET: 'b', FIVETRAN_GROUP_ID: 'c' }
const pipedream = { PIPEDREAM_CLIENT_ID: 'a', PIPEDREAM_CLIENT_SECRET: 'b', PIPEDREAM_PROJECT_ID: 'c' }

describe('a provider', () => {
  test('is REAL with all of its credentials; the others stay SANDBOX', () => {
    expect(readEnvironment(fivetran).providerModes).toEqual({ ...allSandbox, FIVETRAN: 'REAL' })
    expect(readEnvironment({ ...pipedream, XPANDER_API_KEY: 'a' }).providerModes).toEqual({
      ...allSandbox,
      PIPEDREAM: 'REAL',
      XPANDER: 'REAL',
    })
    expect(readEnvironment({ CENSUS_API_VERSION: '1', CENSUS_API_KEY: 'a' }).providerModes.CENSUS).toBe(
      'REAL',
    )
  })

  test.each([
    [{ FIVETRAN_API_SECRET: 'b' }, ['FIVETRAN_API_KEY is required', 'FIVETRAN_GROUP_ID is required']],
    [{ PIPEDREAM_CLIENT_ID: 'a', PIPEDREAM_PROJECT_ID: 'c' }, ['PIPEDREAM_CLIENT_SECRET is required']],
    [{ CENSUS_API_KEY: 'a' }, ['CENSUS_GROUP_ID is required']],
    [{ CENSUS_API_VERSION: '1', CENSUS_GROUP_ID: 'a' }, ['CENSUS_API_KEY is required']],
    [{ ...fivetran, FIVETRAN_GROUP_ID: '  ' }, ['FIVETRAN_GROUP_ID is required']],
  ])('with incomplete credentials is an error: %j', (environment, lines) => {
    expect(problemsOf(environment)).toEqual(lines)
  })

  test.each(providerKeys)('with a base URL and no credentials is an error: %s', (prefix) => {
    const [line, ...more] = problemsOf({ [`${prefix}_BASE_URL`]: 'https://hunter2.example' })
    expect(line).toMatch(new RegExp(`^${prefix}_BASE_URL has no effect without ${prefix}_\\w+`))
    expect([line, more]).toEqual([expect.not.stringContaining('hunter2'), []])
  })

  test('accepts variables that select its variant in the sandbox, without credentials', () => {
    const variants = {
      CENSUS_API_VERSION: '1',
      PIPEDREAM_ENVIRONMENT: 'production',
      XPANDER_API_FAMILY: 'tools',
    }
    expect(readEnvironment(variants).providerModes).toEqual(allSandbox)
  })
})

describe('production', () => {
  test('requires both keys, and never uses the sandbox', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      'GATEWAY_API_KEY is required with NODE_ENV=production',
      'GATEWAY_ENCRYPTION_KEY is required with NODE_ENV=production',
    ])
    expect(readEnvironment(production)).toMatchObject({
      production: true,
      providerModes: allOff,
      logLevel: 'info',
    })
    expect(readEnvironment({ ...production, SANDBOX: 'auto' }).providerModes).toEqual(allOff)
    expect(readEnvironment({ ...production, ...fivetran }).providerModes).toEqual({
      ...allOff,
      FIVETRAN: 'REAL',
    })
  })

  test('requires an API key of at least 32 characters', () => {
    const short = { GATEWAY_API_KEY: 'h'.repeat(31) }
    expect(problemsOf({ ...production, ...short })).toEqual([
      'GATEWAY_API_KEY must have at least 32 characters with NODE_ENV=production, for example from: openssl rand -hex 32',
    ])
    expect(readEnvironment(short).apiKey).toBe(short.GATEWAY_API_KEY)
  })

  test('is off for any other value of NODE_ENV', () => {
    expect(readEnvironment({ NODE_ENV: 'test' })).toMatchObject({
      production: false,
      providerModes: allSandbox,
    })
  })
})

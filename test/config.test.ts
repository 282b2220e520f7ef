import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'
import type { Environment } from '../src/providers/definition.ts'
import { providerDefinitions } from '../src/providers/index.ts'

const read = (environment: Environment = {}) => readConfig(providerDefinitions, environment)

/** The lines that say what is wrong. */
function problems(environment: Environment): readonly string[] {
  try {
    read(environment)
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim())
    }
    throw error
  }
  throw new Error('nothing was found wrong')
}

const key = 'k'.repeat(32)
const production = { NODE_ENV: 'production', GATEWAY_API_KEY: 'gw_key', GATEWAY_ENCRYPTION_KEY: key }
const fivetran = { FIVETRAN_API_KEY: 'a', FIVETRAN_API_SECRET: 'b', FIVETRAN_GROUP_ID: 'c' }
const pipedream = { PIPEDREAM_CLIENT_ID: 'a', PIPEDREAM_CLIENT_SECRET: 'b', PIPEDREAM_PROJECT_ID: 'c' }
const allSandbox = { FIVETRAN: 'SANDBOX', CENSUS: 'SANDBOX', PIPEDREAM: 'SANDBOX', XPANDER: 'SANDBOX' }
const allOff = { FIVETRAN: 'OFF', CENSUS: 'OFF', PIPEDREAM: 'OFF', XPANDER: 'OFF' }

describe('an empty environment', () => {
  test('is enough: loopback, an embedded store and four sandboxes', () => {
    expect(read()).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: null,
      databaseUrl: null,
      dataDir: '.data',
      apiKey: null,
      encryptionKey: null,
      oldEncryptionKeys: [],
      corsOrigins: [],
      redirectOrigins: [],
      linkTtlSeconds: 86_400,
      sandbox: { port: 4010, connectors: 0, connections: 0 },
      production: false,
      providerModes: allSandbox,
    })
  })

  test('and blank variables are the same', () => {
    const blank = Object.fromEntries(
      ['PORT', 'DATABASE_URL', 'GATEWAY_API_KEY', 'FIVETRAN_API_KEY', 'CENSUS_API_VERSION', 'SANDBOX'].map(
        (name, index) => [name, ' '.repeat(index)],
      ),
    )
    expect({ ...read(blank), environment: {} }).toEqual({ ...read(), environment: {} })
  })

  test('does not start the sandbox with SANDBOX=off', () => {
    expect(read({ SANDBOX: 'off' }).providerModes).toEqual(allOff)
    expect(read({ SANDBOX: 'auto' }).providerModes).toEqual(allSandbox)
  })
})

describe('everything that is wrong', () => {
  const wrong = {
    PORT: 'hunter2-port',
    PUBLIC_URL: 'ftp://hunter2',
    DATABASE_URL: 'mysql://user:hunter2@db/gateway',
    LOG_LEVEL: 'hunter2',
    GATEWAY_API_KEY: 'hunter2 with a blank',
    GATEWAY_ENCRYPTION_KEY: 'hunter2',
    GATEWAY_ENCRYPTION_KEYS_OLD: `${key},hunter2`,
    CORS_ORIGINS: 'https://hunter2.example/path',
    REDIRECT_ORIGINS: 'hunter2.example',
    LINK_TTL_SECONDS: '-1',
    SANDBOX: 'hunter2',
    SANDBOX_PORT: '65536',
    SANDBOX_CONNECTORS: '1.5',
    SANDBOX_CONNECTIONS: '0x10',
    FIVETRAN_API_KEY: 'hunter2',
    FIVETRAN_BASE_URL: 'hunter2',
    CENSUS_API_VERSION: 'hunter2',
    PIPEDREAM_ENVIRONMENT: 'hunter2',
    XPANDER_API_FAMILY: 'hunter2',
    GATEWAY_APIKEY: 'hunter2',
  }

  test('is reported at once, by name, each in one line', () => {
    const names = problems(wrong).map((line) => line.split(' ')[0])
    const alsoMissing = ['FIVETRAN_API_SECRET', 'FIVETRAN_GROUP_ID']
    expect(names.toSorted()).toEqual(
      [...Object.keys(wrong).filter((name) => name !== 'FIVETRAN_API_KEY'), ...alsoMissing].toSorted(),
    )
  })

  test('is reported without a single value', () => {
    expect(problems(wrong).join('\n')).not.toContain('hunter2')
    expect(() => read(wrong)).toThrow(/^The environment has 21 problems:\n/)
    expect(() => read({ PORT: 'x' })).toThrow(/^The environment has a problem:\n {2}PORT must be a whole/)
  })

  test.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '4000 ' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '1e3' }, 'PORT must be a whole number from 0 to 65535'],
    [{ LINK_TTL_SECONDS: '0' }, 'LINK_TTL_SECONDS must be a whole number from 1 to 31536000'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent'],
    [{ PUBLIC_URL: 'gateway.example' }, 'PUBLIC_URL must be an http or https URL'],
    [{ DATABASE_URL: 'db' }, 'DATABASE_URL must be a postgres URL'],
    [{ SANDBOX: 'on' }, 'SANDBOX must be auto or off'],
    [{ CENSUS_API_VERSION: '3' }, 'CENSUS_API_VERSION must be one of 1, 2'],
    [{ PIPEDREAM_ENVIRONMENT: 'prod' }, 'PIPEDREAM_ENVIRONMENT must be one of development, production'],
    [{ XPANDER_API_FAMILY: 'agents' }, 'XPANDER_API_FAMILY must be one of connectors, tools'],
  ])('says what would be right: %j', (environment, line) => {
    expect(problems(environment)).toEqual([line])
  })
})

describe('names', () => {
  test.each([
    'GATEWAY_KEY',
    'FIVETRAN_APIKEY',
    'CENSUS_KEY',
    'PIPEDREAM_ENV',
    'XPANDER_KEY',
    'SANDBOX_PROT',
    'CORS_ORIGIN',
    'REDIRECT_ORIGIN',
    'LINK_TTL_SECOND',
  ])('with our prefixes that mean nothing are refused: %s', (name) => {
    expect(problems({ [name]: 'hunter2' })).toEqual([`${name} is not a setting of this program`])
  })

  test('of other programs are nobody’s business', () => {
    expect(() =>
      read({ PATH: '/bin', CENSUSTAKER: '1', MY_GATEWAY_KEY: '1', gateway_key: '1' }),
    ).not.toThrow()
  })

  test('that Kubernetes makes of a service called like one of our prefixes are not settings', () => {
    const service = (prefix: string) => ({
      [`${prefix}_SERVICE_HOST`]: '10.0.0.1',
      [`${prefix}_SERVICE_PORT`]: '80',
      [`${prefix}_SERVICE_PORT_HTTP`]: '80',
      [`${prefix}_PORT`]: 'tcp://10.0.0.1:80',
      [`${prefix}_PORT_80_TCP`]: 'tcp://10.0.0.1:80',
      [`${prefix}_PORT_80_TCP_PROTO`]: 'tcp',
      [`${prefix}_PORT_80_TCP_PORT`]: '80',
      [`${prefix}_PORT_80_TCP_ADDR`]: '10.0.0.1',
    })
    expect(() => read({ ...service('GATEWAY'), ...service('CENSUS') })).not.toThrow()
  })
})

describe('a provider', () => {
  test('is real with all of its credentials, and the others stay sandboxes', () => {
    expect(read(fivetran).providerModes).toEqual({ ...allSandbox, FIVETRAN: 'REAL' })
    expect(read({ ...pipedream, XPANDER_API_KEY: 'a' }).providerModes).toEqual({
      ...allSandbox,
      PIPEDREAM: 'REAL',
      XPANDER: 'REAL',
    })
    expect(read({ CENSUS_API_VERSION: '1', CENSUS_API_KEY: 'a' }).providerModes.CENSUS).toBe('REAL')
  })

  test.each([
    [{ FIVETRAN_API_SECRET: 'b' }, ['FIVETRAN_API_KEY is required', 'FIVETRAN_GROUP_ID is required']],
    [{ PIPEDREAM_CLIENT_ID: 'a', PIPEDREAM_PROJECT_ID: 'c' }, ['PIPEDREAM_CLIENT_SECRET is required']],
    [{ CENSUS_API_KEY: 'a' }, ['CENSUS_GROUP_ID is required']],
    [{ CENSUS_API_VERSION: '1', CENSUS_GROUP_ID: 'a' }, ['CENSUS_API_KEY is required']],
    [{ ...fivetran, FIVETRAN_GROUP_ID: '  ' }, ['FIVETRAN_GROUP_ID is required']],
  ])('with a part of its credentials is refused: %j', (environment, lines) => {
    expect(problems(environment)).toEqual(lines)
  })

  test.each(['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'])(
    'with a base URL and no credentials is refused: %s',
    (prefix) => {
      const [line, ...more] = problems({ [`${prefix}_BASE_URL`]: 'https://hunter2.example' })
      expect(line).toMatch(new RegExp(`^${prefix}_BASE_URL is of no use without ${prefix}_\\w+`))
      expect([line, more]).toEqual([expect.not.stringContaining('hunter2'), []])
    },
  )

  test('may be told its variant for the sandbox without credentials', () => {
    const variants = {
      CENSUS_API_VERSION: '1',
      PIPEDREAM_ENVIRONMENT: 'production',
      XPANDER_API_FAMILY: 'tools',
    }
    expect(read(variants).providerModes).toEqual(allSandbox)
  })
})

describe('production', () => {
  test('needs both keys, and never starts a sandbox by itself', () => {
    expect(problems({ NODE_ENV: 'production' })).toEqual([
      'GATEWAY_API_KEY is required with NODE_ENV=production',
      'GATEWAY_ENCRYPTION_KEY is required with NODE_ENV=production',
    ])
    expect(read(production)).toMatchObject({ production: true, providerModes: allOff, logLevel: 'info' })
    expect(read({ ...production, SANDBOX: 'auto' }).providerModes).toEqual(allOff)
    expect(read({ ...production, ...fivetran }).providerModes).toEqual({ ...allOff, FIVETRAN: 'REAL' })
  })

  test('is nothing but that word', () => {
    expect(read({ NODE_ENV: 'test' })).toMatchObject({ production: false, providerModes: allSandbox })
  })
})

describe('what is right', () => {
  test('is read as what it means', () => {
    expect(
      read({
        PORT: '0',
        HOST: '::',
        PUBLIC_URL: 'https://example.com/gateway/',
        DATABASE_URL: 'postgresql://user:pw@db:5432/gateway',
        GATEWAY_ENCRYPTION_KEYS_OLD: ` ${key} , ${key}x ,`,
        CORS_ORIGINS: 'https://a.example, http://localhost:3000',
        REDIRECT_ORIGINS: 'https://b.example:8443',
        SANDBOX_CONNECTORS: '5000',
      }),
    ).toMatchObject({
      port: 0,
      host: '::',
      publicUrl: new URL('https://example.com/gateway/'),
      databaseUrl: 'postgresql://user:pw@db:5432/gateway',
      oldEncryptionKeys: [key, `${key}x`],
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
      redirectOrigins: ['https://b.example:8443'],
      sandbox: { connectors: 5000 },
    })
  })
})

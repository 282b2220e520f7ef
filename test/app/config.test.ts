import { describe, expect, test } from 'vitest'
import { allOff, allSandbox, problemsOf, readEnvironment } from '../helpers/config.ts'

const key = 'k'.repeat(32)

describe('an empty environment', () => {
  test('is valid: loopback, the embedded database and all providers in the sandbox', () => {
    expect(readEnvironment()).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: null,
      databaseUrl: null,
      dataDir: '.data',
      apiKey: null,
      encryptionKey: null,
      oldEncryptionKeys: [],
      corsOrigins: [],
      corsLoopback: true,
      redirectOrigins: [],
      trustedDocuments: { mode: 'off', files: [] },
      keepAliveTimeoutSeconds: 65,
      shutdownDelaySeconds: 0,
      workers: 1,
      linkTtlSeconds: 86_400,
      maxOpenLinksPerEndUser: 20,
      auditRetentionDays: 365,
      sandbox: { port: 4010, connectors: 0, connections: 0 },
      production: false,
      providerModes: allSandbox,
    })
  })

  test('equals an environment with blank variables', () => {
    const blank = Object.fromEntries(
      ['PORT', 'DATABASE_URL', 'GATEWAY_API_KEY', 'FIVETRAN_API_KEY', 'CENSUS_API_VERSION', 'SANDBOX'].map(
        (name, index) => [name, ' '.repeat(index)],
      ),
    )
    expect({ ...readEnvironment(blank), environment: {} }).toEqual({ ...readEnvironment(), environment: {} })
  })

  test('does not use the sandbox with SANDBOX=off', () => {
    expect(readEnvironment({ SANDBOX: 'off' }).providerModes).toEqual(allOff)
    expect(readEnvironment({ SANDBOX: 'auto' }).providerModes).toEqual(allSandbox)
  })
})

test('several workers need PostgreSQL', () => {
  const DATABASE_URL = 'postgres://user@db/gateway'
  expect(readEnvironment({ WORKERS: '4', DATABASE_URL }).workers).toBe(4)
  expect(readEnvironment({ WORKERS: '1' }).workers).toBe(1)
  expect(problemsOf({ WORKERS: '2' })).toEqual([
    'WORKERS above 1 needs DATABASE_URL: only one process can use the embedded store',
  ])
  expect(problemsOf({ WORKERS: '65', DATABASE_URL })).toEqual(['WORKERS must be a whole number from 1 to 64'])
})

test('traces are recorded only when a variable of OpenTelemetry asks for it, and none refuses it', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318'
  const isOn = (env: Record<string, string>) => readEnvironment(env).tracing
  expect([isOn({}), isOn({ OTEL_SERVICE_NAME: 'gateway' })]).toEqual([false, false])
  expect(isOn({ OTEL_EXPORTER_OTLP_ENDPOINT })).toBe(true)
  expect(isOn({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' })).toBe(true)
  expect(isOn({ OTEL_TRACES_EXPORTER: 'otlp' })).toBe(true)
  expect(isOn({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBe(false)
  // What is not used may be wrong.
  const wrong = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  expect(isOn({ ...wrong, OTEL_SDK_DISABLED: 'true' })).toBe(false)
  expect(
    problemsOf({
      ...{ ...wrong, OTEL_TRACES_EXPORTER: 'zipkin' },
      ...{ OTEL_TRACES_SAMPLER: 'often', OTEL_TRACES_SAMPLER_ARG: '2' },
    }),
  ).toEqual([
    'OTEL_TRACES_EXPORTER must be one of otlp, none',
    'OTEL_EXPORTER_OTLP_ENDPOINT must be the http or https URL of an OTLP/HTTP receiver, for example http://127.0.0.1:4318',
    'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/json, http/protobuf',
    'OTEL_TRACES_SAMPLER must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
    'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1',
  ])
})

const unencoded =
  'DATABASE_URL has a special character in the user or password: write it percent-encoded, for example %23 for #'

const redirectOriginsProblem =
  'REDIRECT_ORIGINS must list origins like https://app.example.com or schemes of applications like myapp://, separated by commas'

describe('an invalid environment', () => {
  const invalid = {
    PORT: 'hunter2-port',
    PUBLIC_URL: 'ftp://hunter2',
    DATABASE_URL: 'mysql://user:hunter2@db/gateway',
    LOG_LEVEL: 'hunter2',
    GATEWAY_API_KEY: 'hunter2 with a blank',
    GATEWAY_ENCRYPTION_KEY: 'hunter2',
    GATEWAY_ENCRYPTION_KEYS_OLD: `${key},hunter2`,
    CORS_ORIGINS: 'https://hunter2.example/path',
    REDIRECT_ORIGINS: 'hunter2.example',
    TRUSTED_PROXIES: '10.0.0.0/8, hunter2',
    TRUSTED_DOCUMENTS: 'hunter2',
    LINK_TTL_SECONDS: '-1',
    AUDIT_RETENTION_DAYS: '0',
    MAX_OPEN_LINKS_PER_END_USER: '0',
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

  test('is reported with all problems, one line each, by variable name', () => {
    const names = problemsOf(invalid).map((line) => line.split(' ')[0])
    const alsoMissing = ['FIVETRAN_API_SECRET', 'FIVETRAN_GROUP_ID']
    expect(names.toSorted()).toEqual(
      [...Object.keys(invalid).filter((name) => name !== 'FIVETRAN_API_KEY'), ...alsoMissing].toSorted(),
    )
  })

  test('is reported without values', () => {
    expect(problemsOf(invalid).join('\n')).not.toContain('hunter2')
    expect(() => readEnvironment(invalid)).toThrow(/^The environment has 25 problems:\n/)
    expect(() => readEnvironment({ PORT: 'x' })).toThrow(
      /^The environment has a problem:\n {2}PORT must be a whole/,
    )
  })

  test.each(['javascript:', 'data://', 'ms-msdt:', 'intent://', 'http:', 'MyApp://', 'myapp://callback'])(
    'is one that lists %s in REDIRECT_ORIGINS',
    (entry) => {
      expect(problemsOf({ REDIRECT_ORIGINS: `https://a.example,${entry}` })).toEqual([redirectOriginsProblem])
    },
  )

  test.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '4000 ' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '1e3' }, 'PORT must be a whole number from 0 to 65535'],
    [{ LINK_TTL_SECONDS: '0' }, 'LINK_TTL_SECONDS must be a whole number from 1 to 31536000'],
    [{ KEEP_ALIVE_TIMEOUT_SECONDS: '0' }, 'KEEP_ALIVE_TIMEOUT_SECONDS must be a whole number from 1 to 3600'],
    [{ SHUTDOWN_DELAY_SECONDS: '301' }, 'SHUTDOWN_DELAY_SECONDS must be a whole number from 0 to 300'],
    [{ SHUTDOWN_DELAY_MS: '5' }, 'SHUTDOWN_DELAY_MS is not a known setting'],
    [{ KEEP_ALIVE_TIMEOUT: '5' }, 'KEEP_ALIVE_TIMEOUT is not a known setting'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent'],
    [{ PUBLIC_URL: 'gateway.example' }, 'PUBLIC_URL must be an http or https URL'],
    [{ DATABASE_URL: 'db' }, 'DATABASE_URL must be a postgres URL'],
    [{ DATABASE_LISTEN_URL: 'http://db' }, 'DATABASE_LISTEN_URL must be a postgres URL'],
    [{ MAX_IN_FLIGHT: '0' }, 'MAX_IN_FLIGHT must be a whole number from 1 to 100000'],
    [{ HTTPS_PROXY: 'socks5://user:secret@proxy' }, 'HTTPS_PROXY must be an http or https URL'],
    [{ http_proxy: 'http://' }, 'http_proxy must be an http or https URL'],
    [{ SANDBOX: 'on' }, 'SANDBOX must be auto or off'],
    [{ MCP: 'yes' }, 'MCP must be on or off'],
    [{ TRUSTED_DOCUMENTS: 'on' }, 'TRUSTED_DOCUMENTS must be one of off, sessions, all'],
    [{ CENSUS_API_VERSION: '3' }, 'CENSUS_API_VERSION must be one of 1, 2'],
    [{ PIPEDREAM_ENVIRONMENT: 'prod' }, 'PIPEDREAM_ENVIRONMENT must be one of development, production'],
    [{ XPANDER_API_FAMILY: 'agents' }, 'XPANDER_API_FAMILY must be one of connectors, tools'],
  ])('is reported with the allowed values: %j', (environment, line) => {
    expect(problemsOf(environment)).toEqual([line])
  })
})

test.each(['u:p#w@db/x', 'u:p/w@db/x', 'u:p?w@db/x', 'u:p@w@db/x'])(
  'a special character of the password must be encoded: %s',
  (rest) => expect(problemsOf({ DATABASE_URL: `postgres://${rest}` })).toEqual([unencoded]),
)

test.each([
  'postgres://u:p%23w@db:5432/x?sslmode=require',
  'postgresql:///x?host=/var/run/postgresql',
  'postgres://u:p@a:5432,b:5433/x?target_session_attrs=read-write',
  'postgres://db/x',
  'postgres://user@/gateway?host=/run/postgresql',
])('DATABASE_URL may be %s', (url) => {
  expect(readEnvironment({ DATABASE_URL: url })).toMatchObject({ databaseUrl: url })
})

describe('variable names', () => {
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
    'MAX_OPEN_LINKS_PER_USER',
  ])('that are unknown but have a prefix of the gateway are rejected: %s', (name) => {
    expect(problemsOf({ [name]: 'hunter2' })).toEqual([`${name} is not a known setting`])
  })

  test('of other programs are ignored', () => {
    expect(() =>
      readEnvironment({ PATH: '/bin', CENSUSTAKER: '1', MY_GATEWAY_KEY: '1', gateway_key: '1' }),
    ).not.toThrow()
  })

  test('that Kubernetes sets for a service named like a prefix of the gateway are ignored', () => {
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
    expect(() => readEnvironment({ ...service('GATEWAY'), ...service('CENSUS') })).not.toThrow()
  })
})

describe('a valid environment', () => {
  test('is parsed', () => {
    expect(
      readEnvironment({
        PORT: '0',
        HOST: '::',
        PUBLIC_URL: 'https://example.com/gateway/',
        DATABASE_URL: 'postgresql://user:pw@db:5432/gateway',
        GATEWAY_ENCRYPTION_KEYS_OLD: ` ${key} , ${key}x ,`,
        CORS_ORIGINS: 'https://a.example, http://localhost:3000',
        REDIRECT_ORIGINS: 'https://b.example:8443, myapp://, com.example.app:',
        TRUSTED_PROXIES: '127.0.0.1, fd00::/8',
        SANDBOX_CONNECTORS: '5000',
      }),
    ).toMatchObject({
      port: 0,
      host: '::',
      publicUrl: new URL('https://example.com/gateway/'),
      databaseUrl: 'postgresql://user:pw@db:5432/gateway',
      oldEncryptionKeys: [key, `${key}x`],
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
      corsLoopback: false,
      redirectOrigins: ['https://b.example:8443', 'myapp:', 'com.example.app:'],
      trustedProxies: ['127.0.0.1', 'fd00::/8'],
      sandbox: { connectors: 5000 },
    })
  })
})

describe('trusted documents', () => {
  const production = { NODE_ENV: 'production', GATEWAY_API_KEY: key, GATEWAY_ENCRYPTION_KEY: key }
  const files = { TRUSTED_DOCUMENTS_FILE: 'a.json, b.json' }

  test.each([
    [{}, 'off'],
    [files, 'off'],
    [production, 'off'],
    [{ ...production, ...files }, 'sessions'],
    [{ ...production, ...files, TRUSTED_DOCUMENTS: 'off' }, 'off'],
    [{ ...production, TRUSTED_DOCUMENTS: 'all' }, 'all'],
    [{ TRUSTED_DOCUMENTS: 'sessions' }, 'sessions'],
  ])('%j: %s', (environment, mode) => {
    const expected = 'TRUSTED_DOCUMENTS_FILE' in environment ? ['a.json', 'b.json'] : []
    expect(readEnvironment(environment).trustedDocuments).toEqual({ mode, files: expected })
  })
})

test('the outbound proxy is that of the common variables; the lower-case form takes precedence', () => {
  const proxyOf = (environment: Record<string, string>) => readEnvironment(environment).proxy
  expect(proxyOf({})).toEqual({ httpProxy: '', httpsProxy: '', noProxy: '' })
  expect(
    proxyOf({
      HTTP_PROXY: 'proxy:3128',
      HTTPS_PROXY: 'http://upper:1',
      https_proxy: 'https://user:pw@lower:1',
      NO_PROXY: '.local',
    }),
  ).toEqual({ httpProxy: 'http://proxy:3128', httpsProxy: 'https://user:pw@lower:1', noProxy: '.local' })
})

describe('the branding of pages', () => {
  test('has no entries by default', () => {
    expect(Object.values(readEnvironment().branding)).toEqual([null, null, null, null, null, null])
  })

  test('is read from its variables', () => {
    const variables = {
      APP_NAME: ' Acme ',
      APP_LOGO_URL: 'http://localhost:3000/logo.png',
      APP_COLOR: '#ABC',
      APP_THEME: 'Dark',
      SUPPORT_URL: 'mailto:help@acme.example',
      PRIVACY_URL: 'https://acme.example/privacy',
    }
    expect(readEnvironment(variables).branding).toEqual({
      applicationName: 'Acme',
      logoUrl: 'http://localhost:3000/logo.png',
      color: '#aabbcc',
      theme: 'DARK',
      supportUrl: 'mailto:help@acme.example',
      privacyUrl: 'https://acme.example/privacy',
    })
  })

  test.each([
    ['APP_NAME', 'x'.repeat(61)],
    ['APP_LOGO_URL', 'http://acme.example/logo.png'],
    ['APP_LOGO_URL', 'data:image/png;base64,AAAA'],
    ['APP_COLOR', 'orange'],
    ['APP_THEME', 'sepia'],
    ['SUPPORT_URL', 'acme.example'],
    ['PRIVACY_URL', 'javascript:alert(1)'],
  ])('%s is refused with an invalid value', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value })
    expect(others).toEqual([])
    expect(problem).toMatch(new RegExp(`^${name} must`))
    expect(problem).not.toContain(value)
  })
})

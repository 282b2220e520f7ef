import { describe, expect, test } from 'vitest'
import type { ConfigSchema } from '../../src/domain/json.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { cannedProvider, status } from './canned.ts'
import { call, openProvider } from './open.ts'

const pathOf = (service: string) => `GET /v1/metadata/connector-types/${service}`

/** The schema for a response with `data`. */
async function schemaFrom(service: string, data: unknown): Promise<ConfigSchema | null | undefined> {
  const adapter = await cannedProvider(fivetran, { [pathOf(service)]: { code: 'Success', data } })
  return adapter.fetchConfigSchema?.(service, call)
}

/** The fields of `config` in the schema for these properties. */
async function fieldsFrom(properties: unknown): Promise<Record<string, unknown>> {
  const schema = await schemaFrom('hubspot', { config: { type: 'object', properties } })
  return Object(Object(schema?.properties).config).properties
}

/** The paths of the issues of a config. */
async function invalidPaths(schema: ConfigSchema | null, config: unknown): Promise<readonly string[]> {
  const adapter = await cannedProvider(fivetran, {})
  const issues = await adapter.checkOptions?.({ config }, async () => schema)
  return (issues ?? []).map(({ path }) => path.join('.'))
}

describe('the config schema of a service', () => {
  test('describes the options block without required fields', async () => {
    const schema = await schemaFrom('postgres', {
      config: {
        type: 'object',
        properties: {
          schema_prefix: { type: 'string' },
          port: { type: 'integer', title: 'Port', description: 'Of the server.', readonly: false },
        },
        required: ['schema_prefix', 'port'],
      },
      auth: { type: 'object', properties: { refresh_token: { type: 'string' } } },
    })
    expect(schema).toMatchObject({
      type: 'object',
      properties: {
        schema: { title: 'Schema prefix' },
        config: { type: 'object', properties: {} },
      },
      required: [],
    })
    const { config } = Object(schema?.properties)
    expect(config.properties).toEqual({
      port: { type: 'integer', title: 'Port', description: 'Of the server.' },
    })
    expect(config).not.toHaveProperty('required')
    expect(JSON.stringify(schema)).not.toContain('refresh_token')
  })

  test('contains nested fields', async () => {
    const fields = await fieldsFrom({
      reports: {
        type: 'array',
        items: { type: 'object', properties: { fields: { type: 'array', items: { type: 'string' } } } },
      },
      advanced: { type: 'object', properties: { mode: { type: 'string', enum: ['A', 'B'] } } },
      anything: { type: 'array' },
    })
    expect(fields).toEqual({
      reports: {
        type: 'array',
        items: { type: 'object', properties: { fields: { type: 'array', items: { type: 'string' } } } },
      },
      advanced: { type: 'object', properties: { mode: { type: 'string', enum: ['A', 'B'] } } },
      anything: { type: 'array' },
    })
  })

  test('allows any value for fields with an unknown description', async () => {
    const fields = await fieldsFrom({
      future: { type: 'from the future', title: 'Future' },
      typeless: { title: 7, description: null },
      union: { type: ['string', 'null'] },
      text: 'string',
      nothing: null,
      list: ['string'],
      choice: { type: 'object', enum: ['A', 'B'] },
      numbers: { type: 'integer', enum: [1, 2] },
      objects: { type: 'string', enum: [{}] },
      none: { type: 'string', enum: [] },
      many: { type: 'array', enum: ['A'], items: { type: 'string' } },
      shapeless: { type: 'object', properties: 'all of them' },
    })
    expect(fields).toEqual({
      future: { title: 'Future' },
      typeless: {},
      union: {},
      text: {},
      nothing: {},
      list: {},
      choice: { type: 'string', enum: ['A', 'B'] },
      numbers: { enum: [1, 2] },
      objects: { type: 'string' },
      none: { type: 'string' },
      many: { type: 'array', items: { type: 'string' } },
      shapeless: { type: 'object' },
    })
  })

  test('marks secrets as writeOnly and omits read-only fields', async () => {
    const fields = await fieldsFrom({
      login: { type: 'string', format: 'password' },
      api_key: { type: 'string' },
      access_key_secret: { type: 'string' },
      pats: { type: 'array', items: { type: 'string' } },
      signer_public_key: { type: 'string' },
      is_key_pair: { type: 'boolean' },
      monkey: { type: 'string' },
      token_mode: { type: 'string', enum: ['A'] },
      made_by_fivetran: { type: 'string', readonly: true },
      nested: { type: 'object', properties: { password: { type: 'string' }, made: { readonly: true } } },
    })
    const secret = { type: 'string', writeOnly: true }
    expect(fields).toEqual({
      login: secret,
      api_key: secret,
      access_key_secret: secret,
      pats: { type: 'array', items: { type: 'string' }, writeOnly: true },
      signer_public_key: { type: 'string' },
      is_key_pair: { type: 'boolean' },
      monkey: { type: 'string' },
      token_mode: { type: 'string', enum: ['A'] },
      nested: { type: 'object', properties: { password: secret } },
    })
  })

  test('limits depth and length, and omits names that cannot be stored', async () => {
    const deep = (levels: number): object =>
      levels === 0
        ? { type: 'string' }
        : { type: 'object', properties: { inner: deep(levels - 1), list: { type: 'array', items: {} } } }
    const fields = await fieldsFrom({
      deep: deep(50),
      long: { title: 'x'.repeat(5_000), description: `${'x'.repeat(999)}😀` },
      'a\u0000b': { type: 'string' },
      'a\ud83db': { type: 'string' },
      nul: { title: 'a\u0000b' },
    })
    expect(JSON.stringify(fields.deep).match(/"inner"/g)?.length).toBe(7)
    expect(fields.long).toEqual({ title: 'x'.repeat(1_000), description: `${'x'.repeat(999)}\ufffd` })
    expect(Object.keys(fields)).toEqual(['deep', 'long', 'nul'])
    expect(fields.nul).toEqual({ title: 'ab' })

    expect(JSON.stringify(await fieldsFrom({ deep: deep(2_000) })).match(/"inner"/g)?.length).toBe(7)
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field_${n}`, {}]))
    const schema = await schemaFrom('hubspot', { config: { properties: wide } })
    expect(Object.keys(Object(schema?.properties))).toEqual(['schema'])
  })

  test.each([[undefined], [null], ['config'], [[]], [{}], [{ properties: {} }]])(
    'contains only the naming fields if the description is %j',
    async (config) => {
      const schema = await schemaFrom('google_sheets', { config })
      expect(Object.keys(Object(schema?.properties))).toEqual(['schema', 'table'])
      expect(await schemaFrom('from_the_future', { config })).toBeNull()
    },
  )

  test('is null for an unknown service, and an error response is thrown', async () => {
    const adapter = await cannedProvider(fivetran, {
      [pathOf('gone')]: status(404, { code: 'NotFound', message: 'Connector type does not exist.' }),
      [pathOf('busy')]: status(429, {}, { 'Retry-After': '60' }),
    })
    expect(await adapter.fetchConfigSchema?.('gone', call)).toBeNull()
    await expect(adapter.fetchConfigSchema?.('busy', call)).rejects.toMatchObject({
      code: 'PROVIDER_RATE_LIMITED',
    })
  })

  test('is read from the sandbox like from Fivetran', async () => {
    const { adapter } = await openProvider({
      definition: fivetran,
      linkDefaults: { connectorKey: 'postgres', connectorName: 'PostgreSQL', direction: 'SOURCE' },
    })
    expect(await adapter.fetchConfigSchema?.('postgres', call)).toMatchObject({
      properties: { config: { properties: { port: { type: 'integer' }, password: { writeOnly: true } } } },
    })
    expect(await adapter.fetchConfigSchema?.('abacus', call)).toBeNull()
  })
})

describe('checkOptions', () => {
  const exampleSchema = () =>
    schemaFrom('hubspot', {
      config: {
        properties: {
          host: { type: 'string' },
          port: { type: 'integer' },
          encrypted: { type: 'boolean' },
          mode: { type: 'string', enum: ['A', 'B'] },
          level: { type: 'integer', enum: [1, 2] },
          reports: {
            type: 'array',
            items: { type: 'object', properties: { table: { type: 'string' } }, required: ['table'] },
          },
          future: { type: 'from the future' },
        },
        required: ['host'],
      },
    })

  test('returns an issue for each value that does not match the schema', async () => {
    const config = {
      host: 7,
      port: 'main entrance',
      encrypted: 'maybe',
      mode: 'C',
      level: 3,
      reports: [{ table: 't' }, { table: {} }, 'all'],
    }
    expect(await invalidPaths((await exampleSchema()) ?? null, config)).toEqual([
      'fivetran.config.host',
      'fivetran.config.port',
      'fivetran.config.encrypted',
      'fivetran.config.mode',
      'fivetran.config.level',
      'fivetran.config.reports.1.table',
      'fivetran.config.reports.2',
    ])
  })

  test('returns issues that do not contain the values', async () => {
    const adapter = await cannedProvider(fivetran, {})
    const schema = (await exampleSchema()) ?? null
    const issues = await adapter.checkOptions?.(
      { config: { port: 'hunter2', mode: 'hunter2', reports: 'hunter2' } },
      async () => schema,
    )
    expect(issues).toHaveLength(3)
    expect(JSON.stringify(issues)).not.toContain('hunter2')
  })

  test('returns at most 100 issues with truncated messages', async () => {
    const choices = Array.from({ length: 200 }, (_, number) => `choice number ${number}`)
    const schema = await schemaFrom('hubspot', {
      config: { properties: { picked: { type: 'array', items: { type: 'string', enum: choices } } } },
    })
    const adapter = await cannedProvider(fivetran, {})
    const config = { picked: Array.from({ length: 10_000 }, () => 'another one') }
    const issues = (await adapter.checkOptions?.({ config }, async () => schema ?? null)) ?? []

    expect(issues).toHaveLength(100)
    expect(Math.max(...issues.map(({ message }) => message.length))).toBe(1_000)
  })

  test('ignores inherited properties', async () => {
    const fields = { constructor: { type: 'string' }, host: { type: 'string' } }
    const schema = await schemaFrom('hubspot', {
      config: { properties: { ...fields, inner: { type: 'object', properties: fields } } },
    })
    expect(await invalidPaths(schema ?? null, { host: 'h', inner: {} })).toEqual([])
    expect(await invalidPaths(schema ?? null, { constructor: 1, inner: { constructor: 1 } })).toEqual([
      'fivetran.config.constructor',
      'fivetran.config.inner.constructor',
    ])
  })

  test.each([
    [{ port: 5432, encrypted: true, mode: 'A', level: 2, future: { a: [] } }],
    // Fivetran accepts both as strings.
    [{ port: '5432', encrypted: 'true' }],
    // The end user enters omitted fields in the card.
    [{ reports: [{}] }],
    [{ host: null, port: null, mode: null, reports: null }],
    [{ newer_than_the_description: { x: 1 } }],
  ])('accepts %j', async (config) => {
    expect(await invalidPaths((await exampleSchema()) ?? null, config)).toEqual([])
  })

  test('accepts any config if there is no description', async () => {
    expect(await invalidPaths(null, { port: 'main entrance' })).toEqual([])
    const namingFieldsOnly = await schemaFrom('hubspot', { config: {} })
    expect(await invalidPaths(namingFieldsOnly ?? null, { port: 'main entrance' })).toEqual([])
  })

  test.each([[{}], [{ config: null }], [{ config: {} }], [{ schema: 's' }], [{ config: 'x' }], [null]])(
    'does not read the schema if there is no config: %j',
    async (options) => {
      const adapter = await cannedProvider(fivetran, {})
      const issues = adapter.checkOptions?.(options, async () => {
        throw new Error('the schema was read')
      })
      expect(await issues).toEqual([])
    },
  )
})

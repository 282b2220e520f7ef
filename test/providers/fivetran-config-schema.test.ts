import { describe, expect, test } from 'vitest'
import type { ConfigSchema } from '../../src/domain/json.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { cannedProvider, status } from './canned.ts'
import { call, openProvider } from './open.ts'

const pathOf = (service: string) => `GET /v1/metadata/connector-types/${service}`

/** What is made of that answer. */
async function inputsFrom(service: string, data: unknown): Promise<ConfigSchema | null | undefined> {
  const adapter = await cannedProvider(fivetran, { [pathOf(service)]: { code: 'Success', data } })
  return adapter.fetchConfigSchema?.(service, call)
}

/** The fields of `config` that are made of these. */
async function fieldsFrom(properties: unknown): Promise<Record<string, unknown>> {
  const inputs = await inputsFrom('hubspot', { config: { type: 'object', properties } })
  return Object(Object(inputs?.properties).config).properties
}

/** Where a config is refused. */
async function refusedAt(inputs: ConfigSchema | null, config: unknown): Promise<readonly string[]> {
  const adapter = await cannedProvider(fivetran, {})
  const issues = await adapter.checkOptions?.({ config }, async () => inputs)
  return (issues ?? []).map(({ path }) => path.join('.'))
}

describe('what a service wants to be told', () => {
  test('is the shape of the options block, and nothing in it is required', async () => {
    const inputs = await inputsFrom('postgres', {
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
    expect(inputs).toMatchObject({
      type: 'object',
      properties: {
        schema: { title: 'Schema prefix' },
        config: { type: 'object', properties: {} },
      },
      required: [],
    })
    const { config } = Object(inputs?.properties)
    expect(config.properties).toEqual({
      port: { type: 'integer', title: 'Port', description: 'Of the server.' },
    })
    expect(config).not.toHaveProperty('required')
    expect(JSON.stringify(inputs)).not.toContain('refresh_token')
  })

  test('may be nested', async () => {
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

  test('is anything where it is said in a way nobody knows', async () => {
    const fields = await fieldsFrom({
      future: { type: 'from the future', title: 'Future' },
      typeless: { title: 7, description: null },
      union: { type: ['string', 'null'] },
      word: 'string',
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
      word: {},
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

  test('says what is secret, and leaves out what cannot be filled in', async () => {
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

  test('ends where it is too deep, too long or not to be stored', async () => {
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
    const inputs = await inputsFrom('hubspot', { config: { properties: wide } })
    expect(Object.keys(Object(inputs?.properties))).toEqual(['schema'])
  })

  test.each([[undefined], [null], ['config'], [[]], [{}], [{ properties: {} }]])(
    'is the names alone when %j describes it',
    async (config) => {
      const inputs = await inputsFrom('google_sheets', { config })
      expect(Object.keys(Object(inputs?.properties))).toEqual(['schema', 'table'])
      expect(await inputsFrom('from_the_future', { config })).toBeNull()
    },
  )

  test('of a service that Fivetran does not know is nothing more, and of a refusal nothing at all', async () => {
    const adapter = await cannedProvider(fivetran, {
      [pathOf('gone')]: status(404, { code: 'NotFound', message: 'Connector type does not exist.' }),
      [pathOf('busy')]: status(429, {}, { 'Retry-After': '60' }),
    })
    expect(await adapter.fetchConfigSchema?.('gone', call)).toBeNull()
    await expect(adapter.fetchConfigSchema?.('busy', call)).rejects.toMatchObject({
      code: 'PROVIDER_RATE_LIMITED',
    })
  })

  test('is asked of the sandbox as of Fivetran', async () => {
    const { adapter } = await openProvider({
      definition: fivetran,
      standard: { connectorKey: 'postgres', connectorName: 'PostgreSQL', direction: 'SOURCE' },
    })
    expect(await adapter.fetchConfigSchema?.('postgres', call)).toMatchObject({
      properties: { config: { properties: { port: { type: 'integer' }, password: { writeOnly: true } } } },
    })
    expect(await adapter.fetchConfigSchema?.('abacus', call)).toBeNull()
  })
})

describe('a config', () => {
  const described = () =>
    inputsFrom('hubspot', {
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

  test('is refused wherever it has another shape than the service describes', async () => {
    const config = {
      host: 7,
      port: 'main entrance',
      encrypted: 'maybe',
      mode: 'C',
      level: 3,
      reports: [{ table: 't' }, { table: {} }, 'all'],
    }
    expect(await refusedAt((await described()) ?? null, config)).toEqual([
      'fivetran.config.host',
      'fivetran.config.port',
      'fivetran.config.encrypted',
      'fivetran.config.mode',
      'fivetran.config.level',
      'fivetran.config.reports.1.table',
      'fivetran.config.reports.2',
    ])
  })

  test('is refused without repeating what it holds', async () => {
    const adapter = await cannedProvider(fivetran, {})
    const inputs = (await described()) ?? null
    const issues = await adapter.checkOptions?.(
      { config: { port: 'hunter2', mode: 'hunter2', reports: 'hunter2' } },
      async () => inputs,
    )
    expect(issues).toHaveLength(3)
    expect(JSON.stringify(issues)).not.toContain('hunter2')
  })

  test('is refused at no more than a hundred places, and in few words', async () => {
    const choices = Array.from({ length: 200 }, (_, number) => `choice number ${number}`)
    const inputs = await inputsFrom('hubspot', {
      config: { properties: { picked: { type: 'array', items: { type: 'string', enum: choices } } } },
    })
    const adapter = await cannedProvider(fivetran, {})
    const config = { picked: Array.from({ length: 10_000 }, () => 'another one') }
    const issues = (await adapter.checkOptions?.({ config }, async () => inputs ?? null)) ?? []

    expect(issues).toHaveLength(100)
    expect(Math.max(...issues.map(({ message }) => message.length))).toBe(1_000)
  })

  test('need not give what every object has', async () => {
    const fields = { constructor: { type: 'string' }, host: { type: 'string' } }
    const inputs = await inputsFrom('hubspot', {
      config: { properties: { ...fields, inner: { type: 'object', properties: fields } } },
    })
    expect(await refusedAt(inputs ?? null, { host: 'h', inner: {} })).toEqual([])
    expect(await refusedAt(inputs ?? null, { constructor: 1, inner: { constructor: 1 } })).toEqual([
      'fivetran.config.constructor',
      'fivetran.config.inner.constructor',
    ])
  })

  test.each([
    [{ port: 5432, encrypted: true, mode: 'A', level: 2, future: { a: [] } }],
    // Fivetran takes both as texts.
    [{ port: '5432', encrypted: 'true' }],
    // The card asks the end user for what is left out.
    [{ reports: [{}] }],
    [{ host: null, port: null, mode: null, reports: null }],
    [{ newer_than_the_description: { x: 1 } }],
  ])('passes as %j', async (config) => {
    expect(await refusedAt((await described()) ?? null, config)).toEqual([])
  })

  test('passes when nobody could read what is wanted', async () => {
    expect(await refusedAt(null, { port: 'main entrance' })).toEqual([])
    const namesAlone = await inputsFrom('hubspot', { config: {} })
    expect(await refusedAt(namesAlone ?? null, { port: 'main entrance' })).toEqual([])
  })

  test.each([[{}], [{ config: null }], [{ config: {} }], [{ schema: 's' }], [{ config: 'x' }], [null]])(
    'that is not given needs no reading: %j',
    async (options) => {
      const adapter = await cannedProvider(fivetran, {})
      const issues = adapter.checkOptions?.(options, async () => {
        throw new Error('it was read')
      })
      expect(await issues).toEqual([])
    },
  )
})

import { expect, test } from 'vitest'
import { toConfigSchema } from '../../src/providers/census/config-schema.ts'
import { buildConfigSchema } from '../../src/providers/config-schema.ts'
import { optionsSchema } from '../../src/providers/fivetran/naming-fields.ts'
import { linkOptions } from '../../src/providers/fivetran/new-connection.ts'
import { namingFamily } from '../../src/providers/fivetran/services.ts'
import { customInputs } from '../../src/providers/pipedream/config-schema.ts'

test('nothing to be told is no schema', () => {
  expect([buildConfigSchema([]), toConfigSchema(null), customInputs('[]'), customInputs(null)]).toEqual(
    Array(4).fill(null),
  )
})

test.each([
  ['hubspot', 'schema', ['schema']],
  ['postgres', 'schema_prefix', ['schema']],
  ['google_sheets', 'schema_table', ['schema', 'table']],
  ['s3', 'schema_table_group', ['schema', 'table']],
] as const)(
  'Fivetran: %s of the family %s may be given %j, none of which is needed',
  (service, family, names) => {
    expect(namingFamily(service)).toBe(family)
    const inputs = optionsSchema(service)
    expect(inputs).toMatchObject({ type: 'object', required: [] })
    expect(Object.keys(Object(inputs?.properties))).toEqual(names)
    // They are fields of the option block.
    for (const name of names) expect(linkOptions.shape).toHaveProperty(name)
  },
)

test('Fivetran: of a service newer than our list nothing is said', () => {
  expect(optionsSchema('from_the_future')).toBeNull()
})

test('Census: fields are described, however their rules are written, and unreadable ones are left out', () => {
  const inputs = toConfigSchema([
    { id: 'account', label: 'Account', type: 'string', rules: 'required', hint: 'Without the host.' },
    { id: 'port', type: 'integer', rules: ['required:notForEditing'] },
    { id: 'password', is_password_type_field: true, rules: 'required', show: { if: 'account' } },
    { id: 'region', type: 'from the future', possible_values: ['eu', 'us'], rules: 7, label: 7 },
    { label: 'no id' },
    'no field',
  ])
  expect(inputs).toEqual({
    type: 'object',
    properties: {
      account: { type: 'string', title: 'Account', description: 'Without the host.' },
      port: { type: 'integer' },
      password: { type: 'string', writeOnly: true },
      region: { type: 'string', enum: ['eu', 'us'] },
    },
    required: ['account', 'port'],
  })
})

test('Pipedream: fields are read out of the text, without what is filled in for them', () => {
  const fields = [
    {
      name: 'api_key',
      label: 'API Key',
      description: '',
      default: 'LEAKED',
      optional: false,
      type: 'password',
    },
    { name: 'region', label: 'Region', description: 'Where it is.', optional: true },
    { label: 'no name' },
  ]
  expect(customInputs(JSON.stringify(fields))).toEqual({
    type: 'object',
    properties: {
      api_key: { type: 'string', title: 'API Key', writeOnly: true },
      region: { type: 'string', title: 'Region', description: 'Where it is.' },
    },
    required: ['api_key'],
  })
})

test.each(['', 'no JSON', '{}', 'null', '7'])(
  'Pipedream: a text that is no list costs only itself: %j',
  (text) => {
    expect(customInputs(text)).toBeNull()
  },
)

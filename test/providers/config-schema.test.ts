import { expect, test } from 'vitest'
import { toConfigSchema as censusConfigSchema } from '../../src/providers/census/config-schema.ts'
import { buildConfigSchema } from '../../src/providers/config-schema.ts'
import { optionsSchema } from '../../src/providers/fivetran/naming-fields.ts'
import { linkOptions } from '../../src/providers/fivetran/new-connection.ts'
import { namingFamily } from '../../src/providers/fivetran/services.ts'
import { toConfigSchema as pipedreamConfigSchema } from '../../src/providers/pipedream/config-schema.ts'

test('there is no schema without fields', () => {
  expect([
    buildConfigSchema([]),
    censusConfigSchema(null),
    pipedreamConfigSchema('[]'),
    pipedreamConfigSchema(null),
  ]).toEqual(Array(4).fill(null))
})

test.each([
  ['hubspot', 'schema', ['schema']],
  ['postgres', 'schema_prefix', ['schema']],
  ['google_sheets', 'schema_table', ['schema', 'table']],
  ['s3', 'schema_table_group', ['schema', 'table']],
] as const)('Fivetran: %s of the family %s has the optional fields %j', (service, family, names) => {
  expect(namingFamily(service)).toBe(family)
  const schema = optionsSchema(service)
  expect(schema).toMatchObject({ type: 'object', required: [] })
  expect(Object.keys(Object(schema?.properties))).toEqual(names)
  // All of them are fields of the options block.
  for (const name of names) expect(linkOptions.shape).toHaveProperty(name)
})

test('Fivetran: there is no schema for an unlisted service', () => {
  expect(optionsSchema('from_the_future')).toBeNull()
})

test('Census: fields are read with rules as a string or a list, and invalid fields are ignored', () => {
  const schema = censusConfigSchema([
    { id: 'account', label: 'Account', type: 'string', rules: 'required', hint: 'Without the host.' },
    { id: 'port', type: 'integer', rules: ['required:notForEditing'] },
    { id: 'password', is_password_type_field: true, rules: 'required', show: { if: 'account' } },
    { id: 'region', type: 'from the future', possible_values: ['eu', 'us'], rules: 7, label: 7 },
    { label: 'no id' },
    'no field',
  ])
  expect(schema).toEqual({
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

test('Pipedream: fields are parsed from the JSON string without their default values', () => {
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
  expect(pipedreamConfigSchema(JSON.stringify(fields))).toEqual({
    type: 'object',
    properties: {
      api_key: { type: 'string', title: 'API Key', writeOnly: true },
      region: { type: 'string', title: 'Region', description: 'Where it is.' },
    },
    required: ['api_key'],
  })
})

test.each(['', 'no JSON', '{}', 'null', '7'])(
  'Pipedream: returns null for a string that is not a JSON list: %j',
  (text) => {
    expect(pipedreamConfigSchema(text)).toBeNull()
  },
)

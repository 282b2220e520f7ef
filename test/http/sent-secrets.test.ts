import { expect, test } from 'vitest'
import { sentSecrets } from '../../src/http/sent-secrets.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

test('contains the values of the body, but not those of public fields', () => {
  const body = { config: { list: ['one', { port: 443 }], isPublic: true }, group_id: 'group' }
  expect(sentSecrets({ body, publicFields: ['group_id'] }, {})).toEqual(['one', '443'])
})

test('contains credentials without the name of the scheme', () => {
  const headers = { authorization: `Basic ${base64('user:pass')}`, accept: 'application/json' }
  expect(sentSecrets({}, headers)).toEqual([base64('user:pass'), 'user:pass', 'user', 'pass'])
  expect(sentSecrets({}, { 'x-api-key': 'key' })).toEqual(['key'])
})

test('contains the values of JSON, also if it is in base64', () => {
  const file = JSON.stringify({ type: 'account', key: 'swordfish' })
  expect(sentSecrets({ body: { file } }, {})).toContain('swordfish')
  expect(sentSecrets({ body: { file: base64(file) } }, {})).toContain('swordfish')
  expect(sentSecrets({ body: { password: base64('open sesame!') } }, {})).toContain('open sesame!')
})

test('contains the parts of a URL that identify something, not its host', () => {
  const body = { uri: 'https://user:pw@app.example.com/return/T0KEN/success?state=abc#def' }
  expect(sentSecrets({ body }, {})).toEqual(['T0KEN', 'abc', 'user', 'pw', 'def'])
})

test('contains keys of free fields that are no usual names', () => {
  const security = { apiKey: 'one', swordfish: '', nested: { 'X-Api-Key': 'two', sk_live_1: true } }
  const body = { security, config: { opensesame: 'three' } }
  expect(sentSecrets({ body, freeFields: ['security'] }, {})).toEqual([
    'one',
    '',
    'two',
    'three',
    'swordfish',
    'nested',
    'sk_live_1',
  ])
})

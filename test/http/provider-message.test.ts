import { expect, test } from 'vitest'
import { providerMessage } from '../../src/http/provider-message.ts'

test.each([
  ['Fivetran', { code: 'InvalidInput', message: "Field 'schema' is required" }, "Field 'schema' is required"],
  ['Census', { status: 'error', message: 'Invalid type: x' }, 'Invalid type: x'],
  ['Census without a message', { status: 404 }, undefined],
  ['Pipedream', { error: 'record not found', details: { reason: 'no app' } }, 'record not found; no app'],
  ['OAuth', { error: 'invalid_client', error_description: 'No client' }, 'invalid_client; No client'],
  ['xpander', { detail: 'Connector not found' }, 'Connector not found'],
  ['xpander, nested', { error: 401, detail: { detail: 'error(401)' } }, 'error(401)'],
  [
    'xpander, validation without the repeated input',
    {
      detail: [
        { loc: ['body', 'security', 0], msg: 'Field required', type: 'missing', input: { apiKey: 'LEAK' } },
        { loc: ['body', 'name'], msg: 'Too long', type: 'string', ctx: { value: 'LEAK' } },
      ],
    },
    'Field required (body.security.0); Too long (body.name)',
  ],
  ['a repeated text', { message: 'no', error: 'no' }, 'no'],
  ['a body without an object', 7, undefined],
  ['an unreadable body', Symbol('not JSON'), undefined],
  ['an empty body', undefined, undefined],
  ['a dump', { message: 'no '.repeat(5_000) }, undefined],
])('reads the message of %s', (_, body, expected) => {
  expect(providerMessage(body, [])).toBe(expected)
})

test('has at most 500 characters, cut after the redaction', () => {
  const secret = 'swordfish'
  const text = `${'no '.repeat(165)}${secret}${' no'.repeat(100)}`
  const message = providerMessage({ message: text }, [secret]) ?? ''
  expect(message).toHaveLength(500)
  expect(message).not.toContain('swor')
})

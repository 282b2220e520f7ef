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
  ['details with own names', { error: 'bad', details: { app: 'is unknown' } }, 'bad; is unknown (app)'],
  ['details beside a text', { error: 'bad', details: { message: 'no', code: 'C' } }, 'bad; no'],
  [
    'errors by field',
    { errors: { type: ['is unknown', 'is too short'] } },
    'is unknown (type); is too short (type)',
  ],
  ['a message by field', { message: { type: ['bad'], error: 'no' } }, 'no; bad (type)'],
  ['RFC 9457', { title: 'Invalid request', detail: 'No such group' }, 'Invalid request; No such group'],
  ['a nested answer', { data: { message: 'No such group' } }, 'No such group'],
  ['data that is no object', { data: ['LEAK'], error: 'no' }, 'no'],
  ['the repeated input beside errors by field', { errors: { type: ['bad'], input: ['LEAK'] } }, 'bad (type)'],
])('reads the message of %s', (_, body, expected) => {
  expect(providerMessage(body, [])).toBe(expected)
})

test('cuts a long text at white space before the redaction', () => {
  const detail = Array.from({ length: 300 }, (_, index) => ({ msg: 'is too long', loc: ['body', index] }))
  expect(providerMessage({ detail }, [])).toMatch(/^is too long \(body\.0\); is too long \(body\.1\)/)
  expect(providerMessage({ message: 'no '.repeat(5_000) }, [])).toBe('no '.repeat(167).slice(0, 500))
  // The cut at 4 000 characters is within the last word of the secret.
  const secret = `${'open-sesame '.repeat(333)}swordfish`
  expect(providerMessage({ message: `no ${secret} more` }, [secret])).toBe('no [redacted]')
})

test('has at most 500 characters, cut after the redaction', () => {
  const secret = 'swordfish'
  const text = `${'no '.repeat(165)}${secret}${' no'.repeat(100)}`
  const message = providerMessage({ message: text }, [secret]) ?? ''
  expect(message).toHaveLength(500)
  expect(message).not.toContain('swor')
})

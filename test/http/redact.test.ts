import { describe, expect, test } from 'vitest'
import { redact } from '../../src/http/redact.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'upper case': (secret) => secret.toUpperCase(),
  JSON: (secret) => JSON.stringify({ key: secret }),
  'JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ key: secret })),
  'JSON in ASCII': (secret) =>
    JSON.stringify(secret).replace(
      /[\u0080-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  HTML: (secret) => secret.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/'/g, '&#39;'),
  'URL-encoded': encodeURIComponent,
  'URL-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'form-encoded': (secret) => new URLSearchParams({ key: secret }).toString(),
  base64,
  'base64 of base64': (secret) => base64(base64(secret)),
  'base64 in a longer value': (secret) => base64(`user:${secret}!`),
  'base64 behind other characters': (secret) => `x${base64(secret)}`,
  'base64url without padding': (secret) => Buffer.from(secret).toString('base64url'),
  'URL-encoded base64': (secret) => encodeURIComponent(base64(secret)),
  hexadecimal: (secret) => Buffer.from(secret).toString('hex'),
  'with an invisible character': (secret) => `${secret.slice(0, 3)}\u200b${secret.slice(3)}`,
}

describe.each([
  'hunter2',
  'swordfish',
  `p\u00e4ss "w'o\\rd%41 &more`,
  'sk-live-0123456789',
  'correct horse battery staple',
  '-----BEGIN KEY-----\nc2VjcmV0\nbGluZXM\n-----END KEY-----',
])('a secret %j', (secret) => {
  test.each(Object.keys(encodings))('is removed: %s', (name) => {
    const encoded = encodings[name]?.(secret) ?? ''
    const clean = redact(`The value ${encoded} was rejected`, [secret]) ?? ''
    expect(clean).toMatch(/^The value .*\[redacted\].* was rejected$/)
    // Nothing is left but quotes and the name of the key.
    expect(clean.replaceAll(/The value|was rejected|\[redacted\]|key|[\s"'{}:=-]/g, '')).toBe('')
  })
})

/** Secret, text, expected result. */
test.each([
  ['split at a line', 'sk_live_swordfish', 'no: sk_live_\nswordfish', 'no: [redacted]'],
  ['spelled', 'sk_live_swordfish', 'no: s k _ l i v e _ s w o r d f i s h', 'no: [redacted]'],
  ['spelled with symbols', 'swordfish', 'no: s#w#o#r#d#f#i#s#h', 'no: [redacted]'],
  ['in groups', 'abcDEF123ghi', 'no: abc DEF123 ghi', 'no: [redacted]'],
  ['one word of a passphrase', 'correct horse battery', 'no: battery', 'no: [redacted]'],
  ['two words of a passphrase', 'correct horse battery', 'no: correct horse', 'no: [redacted]'],
  ['words of a passphrase in a word', 'sword-fish-king', 'no: sword-fish', 'no: [redacted]'],
  ['without its end', 'swordfish', "no: 'swordfis'", "no: '[redacted]'"],
  ['without its start', 'swordfish', 'no: (ordfish)', 'no: ([redacted])'],
  ['hexadecimal with colons', 'swordfish', 'no: 73:77:6f:72:64:66:69:73:68', 'no: [redacted]'],
  ['decimal bytes', 'swordfish', 'no: [115, 119, 111, 114, 100, 102, 105, 115, 104]', 'no: [[redacted]]'],
  ['quoted-printable', 'open=se=same', 'no: open=3Dse=3Dsame', 'no: [redacted]'],
  ['quoted-printable on two lines', 'swordfish', 'no: sword=\r\nfish', 'no: [redacted]'],
  [
    'full-width letters',
    'swordfish',
    'no: \uff53\uff57\uff4f\uff52\uff44\uff46\uff49\uff53\uff48',
    'no: [redacted]',
  ],
  ['escaped bytes of UTF-8', 'p\u00e4sse', "no: b'p\\xc3\\xa4sse'", "no: b'[redacted]'"],
  ['base64 of a part', 'swordfish-king', `no: ${base64('swordfish')}`, 'no: [redacted]'],
  ['base64 in groups', 'swordfish', `no: ${base64('swordfish').replace(/.{4}/g, '$& ')}`, 'no: [redacted]'],
  ['symbols only', '!!##!!', 'no: !!##!! no', 'no: [redacted] no'],
])('removes a secret %s', (_, secret, text, expected) => {
  expect(redact(text, [secret])).toBe(expected)
})

test('removes each line of a key', () => {
  const lines = ['c2VjcmV0bGluZXNvZmE', 'abcdefghijkLMNOPQ', 'qrstuvwxyzabcdefgh']
  const key = `-----BEGIN KEY-----\n${lines.join('\n')}\n-----END KEY-----`
  for (const line of lines) expect(redact(`no: ${line}`, [key])).toBe('no: [redacted]')
})

test('is null if more is removed than left', () => {
  const secrets = ['swordfish', 'opensesame']
  expect(redact('swordfish', secrets)).toBeNull()
  expect(redact('swordfish or opensesame', secrets)).toBeNull()
  expect(redact('not swordfish or opensesame', secrets)).toBe('not [redacted] or [redacted]')
  expect(redact('', secrets)).toBeNull()
})

test('removes a part of a secret that the provider has shortened', () => {
  const secrets = ['sk-live-0123456789', 'swordfish']
  for (const part of ['live-01234', 'sk-l...6789', 'swor****', '****fish', 'sword…'])
    expect(redact(`no: ${part}`, secrets)).toBe('no: [redacted]')
})

test('removes a short secret as a whole word only', () => {
  expect(redact('id 7 of 17 and a7', ['7'])).toBe('id [redacted] of 17 and a7')
})

test.each([
  ['a JWT', 'eyJhbGciOi.eyJzdWIi.c2ln'],
  ['a connect token', 'ctok_0123456789abcdef0123456789abcdef'],
  ['a UUID', '7c9e6679-7425-40de-944b-e07fc1f90ae7'],
  ['a key with a known prefix', 'sk-abcdefgh'],
  ['random letters', 'qWeRtYuIoPaSdFgH'],
  ['a licence key', 'ABCD-1234-EFGH-5678'],
  ['a card number', '4111111111111111'],
])('removes what looks like %s', (_, text) => {
  expect(redact(`bad ${text}, sorry`, [])).toBe('bad [redacted], sorry')
})

test.each([
  ['https://fivetran.com/connect-card/setup?auth=abc', 'https://fivetran.com/[redacted]'],
  ['https://user:pw@host.example/x', 'https://host.example/[redacted]'],
  ['https%3A%2F%2Fhost.example%2F%3Ftoken%3Dabc', 'https://host.example/[redacted]'],
  ['password=swordfish', 'password=[redacted]'],
  ['{"apiKey": "swordfish"}', '{"apiKey": "[redacted]"}'],
  ['token: t0ken', 'token: [redacted]'],
  ['password: swordfish', 'password: [redacted]'],
  ["password 'swordfish' is wrong", "password '[redacted]' is wrong"],
  ['Authorization: Bearer swordfish', 'Authorization: Bearer [redacted]'],
  ['Bearer sword-fish', 'Bearer [redacted]'],
])('redacts %s to %s', (text, expected) => {
  expect(redact(`bad ${text}`, [])).toBe(`bad ${expected}`)
})

test.each([
  "Field 'group_id' is required",
  "Unsupported service 'google_display_and_video_360'",
  'Invalid type: not_a_real_type',
  'expires_in must be a whole number from 1 to 14400',
  "Connector with id 'speak_inexpensive' does not exist.",
  'The token is invalid, API key: expired',
  'See https://fivetran.com/docs/rest-api/getting-started for details.',
  'targetSystemServers.0.url is missing until 2026-11-22T12:00:00Z',
])('keeps the text "%s"', (text) => {
  expect(redact(text, ['another-secret', 'swordfish'])).toBe(text)
})

test('puts the text on one line without control characters', () => {
  expect(redact('  a\r\n\tb\u0007\u001b[31m\u202e c ', [])).toBe('a b[31m c')
})

test('accepts secrets of any size and number', () => {
  const key = 'x1'.repeat(50_000)
  expect(redact('bad x1x1x1x1', [key, ...Array.from({ length: 2_000 }, (_, index) => `v${index}`)])).toBe(
    'bad [redacted]',
  )
})

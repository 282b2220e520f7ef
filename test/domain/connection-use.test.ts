import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { placeOf, toCurl } from '../../src/domain/connection-use.ts'

test('an example is a shell command in which no value is code', () => {
  const command = toCurl({
    method: 'POST',
    url: `https://api.example.com/it's/$(exit)/${placeOf('OPERATION_ID')}?\`id\``,
    headers: { authorization: `Bearer ${placeOf('API_KEY')}`, 'connection-id': '{{HOME}}' },
    body: { text: `"$HOME" 'x' {{API_KEY}}` },
  })
  expect(command.split('\n')).toEqual([
    `curl -X POST 'https://api.example.com/it'\\''s/$(exit)/'"$OPERATION_ID"'?\`id\`' \\`,
    `  -H 'authorization: Bearer '"$API_KEY" \\`,
    `  -H 'connection-id: {{HOME}}' \\`,
    `  -d '{"text":"\\"$HOME\\" '\\''x'\\'' {{API_KEY}}"}'`,
  ])
  // A function in place of curl prints each argument on a line.
  const script = `curl() { printf '%s\\n' "$@"; }\n${command}`
  const env = { OPERATION_ID: 'a b', API_KEY: 'key $(exit)', HOME: '/home' }
  expect(execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).trimEnd().split('\n')).toEqual([
    '-X',
    'POST',
    "https://api.example.com/it's/$(exit)/a b?`id`",
    '-H',
    'authorization: Bearer key $(exit)',
    '-H',
    'connection-id: {{HOME}}',
    '-d',
    `{"text":"\\"$HOME\\" 'x' {{API_KEY}}"}`,
  ])
})

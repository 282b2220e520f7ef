import { expect, test } from 'vitest'
import { withResult } from '../../../src/connect/links/return-url.ts'

const result = new URLSearchParams({ connect_link_id: 'id', status: 'failed' })
const added = 'connect_link_id=id&status=failed'

test.each([
  ['https://app.example.com', `https://app.example.com?${added}`],
  ['https://app.example.com/?', `https://app.example.com/?${added}`],
  ['https://app.example.com/a?x=a%20b&y', `https://app.example.com/a?x=a%20b&y&${added}`],
  ['https://app.example.com/#/done?status=1', `https://app.example.com/?${added}#/done?status=1`],
  ['https://app.example.com/?x=1#', `https://app.example.com/?x=1&${added}#`],
  ['https://app.example.com/?status=success&x=1&stat%75s=a&error=b', `https://app.example.com/?x=1&${added}`],
  [
    'https://app.example.com/?connect_link_id&connect+link+id=2',
    `https://app.example.com/?connect+link+id=2&${added}`,
  ],
  ['myapp://callback', `myapp://callback?${added}`],
  ['com.example.app:/oauth?status=x#y', `com.example.app:/oauth?${added}#y`],
])('%s with a result is %s', (redirectUri, expected) => {
  expect(withResult(redirectUri, result)).toBe(expected)
})

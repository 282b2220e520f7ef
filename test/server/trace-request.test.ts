import { expect, test } from 'vitest'
import { routeOf } from '../../src/server/trace-request.ts'

test.each([
  ['/', '/'],
  ['/connect/a-secret', '/connect/{token}'],
  ['/connect/a-secret/claim', '/connect/{token}/{action}'],
  ['/connect/a-secret/claim/more', null],
  ['/connect/a-secret/events', null],
  ['/return/a-secret/success', '/return/{token}/{result}'],
  ['/portal/a.secret/', '/portal/{token}/{page}'],
  ['/webhooks/pipedream/a-secret', '/webhooks/{provider}/{token}'],
  ['/health', null],
  ['/assets/page.css', null],
  ['/a-secret', null],
])('%s is recorded as %s', (path, route) => {
  expect(routeOf(path)).toBe(route)
})

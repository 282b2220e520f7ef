import { serverAudits } from 'graphql-http'
import { expect, test } from 'vitest'
import { startWithoutProviders, withKey } from './raw-request.ts'

const headers = { ...withKey, 'x-graphql-yoga-csrf': '1' }

const audits = serverAudits({ url: 'http://unused.test', fetchFn: fetch })

test('graphql-http provides the GraphQL over HTTP audits', () => {
  expect(audits.length).toBeGreaterThan(50)
})

test.each(audits.map(({ id, name }) => [id, name] as const))('%s: %s', async (id) => {
  const { url } = await startWithoutProviders()
  const fetchFn = (target: string, init: RequestInit = {}) =>
    fetch(target, { ...init, headers: { ...headers, ...Object.fromEntries(new Headers(init.headers)) } })
  const audit = serverAudits({ url: `${url}/graphql`, fetchFn }).find((one) => one.id === id)
  const result = await audit?.fn()
  expect(result).toMatchObject({ status: 'ok' })
})

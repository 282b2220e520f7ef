import { expect, test } from 'vitest'
import { createStartingHandler, type Handler } from '../../src/server/probes.ts'
import { listen } from '../helpers/listen.ts'

const ready: Handler = (_, response) => void response.end('started')

async function statusOf(url: string, method = 'GET') {
  const response = await fetch(url, { method })
  return [response.status, await response.text()]
}

const starting = '{"status":"starting"}'

test('during the start, health checks are answered and other requests wait for the handler', async () => {
  let start = (_: Handler) => {}
  const started = new Promise<Handler>((resolve) => {
    start = resolve
  })
  const publicUrl = new URL('https://x/gw')
  const { origin } = await listen(createStartingHandler({ publicUrl, started: () => started }))
  const waiting = [statusOf(`${origin}/graphql`), statusOf(`${origin}/`, 'POST')]
  expect(await statusOf(`${origin}/health`)).toEqual([200, '{"status":"ok"}'])
  expect(await statusOf(`${origin}/gw/health`)).toEqual([200, '{"status":"ok"}'])
  expect(await statusOf(`${origin}/ready`)).toEqual([503, starting])
  expect(await statusOf(`${origin}/`, 'OPTIONS')).toEqual([503, starting])
  start(ready)
  for (const response of waiting) expect(await response).toEqual([200, 'started'])
})

test('a start that takes too long, or fails, is 503 with Retry-After', async () => {
  const publicUrl = new URL('https://x')
  const never = new Promise<Handler>(() => undefined)
  const failed = async () => Promise.reject(new Error('no database'))
  for (const [started, waitMs] of [
    [() => never, 20],
    [failed, 60_000],
  ] as const) {
    const { origin } = await listen(createStartingHandler({ publicUrl, started, waitMs }))
    const response = await fetch(`${origin}/graphql`, { method: 'POST', body: '{}' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  }
})

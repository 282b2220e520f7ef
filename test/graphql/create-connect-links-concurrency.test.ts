import { expect, test, vi } from 'vitest'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { openSandboxBehindProxy } from '../sandbox/behind.ts'
import { createdLink, createLinks, linkInput, storedLinks } from './create-many.ts'
import { awaitSyncsAndClearRequests } from './open.ts'

test('createConnectLinks sends at most 5 concurrent requests to a provider and does not block the others', async () => {
  const { clock, sandbox, gate } = await openGatedSandbox()
  const gateway = await startTestGateway({ clock, sandbox })
  await awaitSyncsAndClearRequests(gateway)
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`)
  const blocked = users.map((id) => linkInput('FIVETRAN', { endUser: { id } }))
  gate.isClosed = true
  const results = createLinks(gateway, [
    ...blocked,
    ...users.map((id) => linkInput('PIPEDREAM', { endUser: { id } })),
  ])
  await vi.waitFor(async () => {
    expect(gate.pending.length).toBeGreaterThan(4)
    expect(await storedLinks(gateway)).toHaveLength(12)
  }, waitOptions)
  expect(gate.pending).toHaveLength(5)
  gate.open()
  expect(await results).toMatchObject([
    ...users.map((id) => createdLink('FIVETRAN', id)),
    ...users.map((id) => createdLink('PIPEDREAM', id)),
  ])
  expect(gate.maxConcurrent).toBe(5)
})

/** For `vi.waitFor`; long enough for a busy machine. */
const waitOptions = { timeout: 9000 }

/** A sandbox behind a proxy that counts concurrent create requests to Fivetran, and holds them while it is closed. */
async function openGatedSandbox() {
  const clock = createTestClock()
  const pending: (() => void)[] = []
  const gate = {
    isClosed: false,
    pending,
    concurrent: 0,
    maxConcurrent: 0,
    open() {
      gate.isClosed = false
      for (const forward of pending) forward()
    },
  }
  const sandbox = await openSandboxBehindProxy(clock, (request, response, forward) => {
    if (request.method !== 'POST' || !request.url?.startsWith('/fivetran/')) return forward()
    gate.concurrent += 1
    gate.maxConcurrent = Math.max(gate.maxConcurrent, gate.concurrent)
    response.once('close', () => {
      gate.concurrent -= 1
    })
    if (!gate.isClosed) return forward()
    pending.push(forward)
  })
  return { clock, sandbox, gate }
}

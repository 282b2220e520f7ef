import { expect, test, vi } from 'vitest'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { openSandboxBehind } from '../sandbox/behind.ts'
import { create, entry, linksIn, made } from './create-many.ts'
import { forgetRequests } from './open.ts'

test('a provider gets at most five at a time, and keeps the others from nothing', async () => {
  const { clock, sandbox, gate } = await openGate()
  const gateway = await startTestGateway({ clock, sandbox })
  await forgetRequests(gateway)
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`)
  const waiting = users.map((id) => entry('FIVETRAN', { endUser: { id } }))
  gate.isShut = true
  const answer = create(gateway, [...waiting, ...users.map((id) => entry('PIPEDREAM', { endUser: { id } }))])
  await vi.waitFor(async () => {
    expect(gate.kept.length).toBeGreaterThan(4)
    expect(await linksIn(gateway)).toHaveLength(12)
  }, patience)
  expect(gate.kept).toHaveLength(5)
  gate.open()
  expect(await answer).toMatchObject([
    ...users.map((id) => made('FIVETRAN', id)),
    ...users.map((id) => made('PIPEDREAM', id)),
  ])
  expect(gate.most).toBe(5)
})

/** For what comes by itself, on a busy machine. */
const patience = { timeout: 9000 }

/** Stands before the sandbox, counts what is made at Fivetran at one time, and keeps it waiting while it is shut. */
async function openGate() {
  const clock = createTestClock()
  const kept: (() => void)[] = []
  const gate = {
    isShut: false,
    kept,
    inside: 0,
    most: 0,
    open() {
      gate.isShut = false
      for (const go of kept) go()
    },
  }
  const sandbox = await openSandboxBehind(clock, (request, response, go) => {
    if (request.method !== 'POST' || !request.url?.startsWith('/fivetran/')) return go()
    gate.inside += 1
    gate.most = Math.max(gate.most, gate.inside)
    response.once('close', () => {
      gate.inside -= 1
    })
    if (!gate.isShut) return go()
    kept.push(go)
  })
  return { clock, sandbox, gate }
}

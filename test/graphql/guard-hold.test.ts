import { describe, expect, test } from 'vitest'
import { eraseEndUser } from '../../src/connect/jobs/erase-end-user.ts'
import { codeOn } from '../server/pages/browser.ts'
import {
  anotherCode,
  approveIn,
  asApiKey,
  confirm,
  connectionsOf,
  createGuardedLink,
  openIn,
  startGuarded,
  stateOf,
} from './guarded.ts'
import { next, subscribeToLinks } from './subscribe.ts'

const redirectUri = 'https://app.example.com/done'

/** A link that was completed in the victim's browser, which shows a code. */
async function startHeld(
  input: Record<string, unknown> = {},
  provider: 'PIPEDREAM' | 'FIVETRAN' = 'PIPEDREAM',
) {
  const started = await startGuarded()
  const link = await createGuardedLink(started.mallory, provider, input)
  const { page, returnUrl } = await approveIn(started.other, await openIn(started.other, link.url))
  return { ...started, api: asApiKey(started.gateway), link, returnUrl, code: codeOn(page) ?? '' }
}

describe('a held link', () => {
  test('ends with the fifth wrong code, and its connection is removed', async () => {
    const { mallory, api, link, code, gateway } = await startHeld()
    const results: unknown[] = []
    for (let attempt = 0; attempt < 5; attempt += 1)
      results.push(await confirm(mallory, link.id, { code: anotherCode(code) }))
    expect(results).toMatchObject(
      [4, 3, 2, 1, 0].map((attemptsLeft) => ({ attemptsLeft, code: 'CODE_MISMATCH' })),
    )
    expect(await confirm(mallory, link.id, { code })).toMatchObject({ code: 'INVALID_STATE' })
    expect(await stateOf(mallory, link.id)).toMatchObject({ status: 'FAILED', connection: null })
    expect((await connectionsOf(api)).nodes).toMatchObject([{ status: 'DISCONNECTED', endUser: null }])
    expect(gateway.logged()).not.toContain(code)
  })

  test('is completed by the right code after four wrong ones', async () => {
    const { mallory, link, code } = await startHeld()
    for (let attempt = 0; attempt < 4; attempt += 1)
      await confirm(mallory, link.id, { code: anotherCode(code) })
    expect(await confirm(mallory, link.id, { code })).toMatchObject({ connectLink: { status: 'COMPLETED' } })
  })

  test('cannot be confirmed after 15 minutes, even before the job has ended it', async () => {
    const { gateway, mallory, link, code } = await startHeld()
    gateway.clock.advance(900)
    expect(await confirm(mallory, link.id, { code })).toMatchObject({ code: 'INVALID_STATE' })
  })

  test('that is revoked gives its connection to no end user and removes it', async () => {
    const { gateway, mallory, api, link, code } = await startHeld({}, 'FIVETRAN')
    await mallory.query('mutation ($id: ID!) { revokeConnectLink(id: $id) { __typename } }', { id: link.id })
    expect(await stateOf(mallory, link.id)).toMatchObject({ status: 'REVOKED', connection: null })
    expect(await confirm(mallory, link.id, { code })).toMatchObject({ code: 'INVALID_STATE' })
    gateway.clock.advance(10)
    await gateway.poll()
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    expect((await connectionsOf(api)).nodes.map(({ status }) => status)).not.toContain('ACTIVE')
  })

  test('outlasts its expiry: the connection exists', async () => {
    const { gateway, mallory, link, code } = await startHeld({ expiresInSeconds: 60 })
    gateway.clock.advance(120)
    await gateway.poll()
    expect(await stateOf(mallory, link.id)).toMatchObject({ awaitingConfirmation: true })
    expect(await confirm(mallory, link.id, { code })).toMatchObject({ connectLink: { status: 'COMPLETED' } })
  })

  test('whose end user is erased leaves no connection at the provider, and no row', async () => {
    const { gateway, api } = await startHeld()
    expect(await eraseEndUser(gateway.connect, 'mallory')).toMatchObject({ connections: 1, remaining: [] })
    expect(await connectionsOf(api)).toEqual({ totalCount: 0, nodes: [] })
  })

  test('whose end user is erased while its provider cannot be reached is reported, and erased by the next call', async () => {
    const { gateway, api } = await startHeld()
    const fault = { provider: 'pipedream', method: 'DELETE', status: 503, times: 99 }
    await gateway.control('POST', 'faults', fault)
    const { remaining } = await eraseEndUser(gateway.connect, 'mallory')
    expect(remaining).toEqual([expect.stringMatching(/^PIPEDREAM /)])
    await gateway.control('DELETE', 'faults')
    expect(await eraseEndUser(gateway.connect, 'mallory')).toMatchObject({ remaining: [] })
    expect(await connectionsOf(api)).toEqual({ totalCount: 0, nodes: [] })
  })

  test('is removed later if its provider cannot be reached at its end', async () => {
    const { gateway, mallory, api, link } = await startHeld()
    await gateway.control('POST', 'faults', {
      provider: 'pipedream',
      method: 'DELETE',
      status: 503,
      times: 9,
    })
    gateway.clock.advance(901)
    await gateway.poll()
    expect((await connectionsOf(api)).nodes).toMatchObject([{ status: 'NEEDS_ATTENTION', endUser: null }])
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    await gateway.control('DELETE', 'faults')
    gateway.clock.advance(61)
    await gateway.poll()
    expect((await connectionsOf(api)).nodes).toMatchObject([{ status: 'DISCONNECTED', endUser: null }])
    expect((await stateOf(mallory, link.id)).status).toBe('FAILED')
  })

  test('is sent to subscribers, and its page to the application says "pending"', async () => {
    const { gateway, mallory, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM', { redirectUri })
    const events = subscribeToLinks(gateway, link.id, mallory.headers)
    const { page } = await approveIn(other, await openIn(other, link.url))
    let event = await next(events)
    while (event.status !== 'AUTHORIZING') event = await next(events)
    expect(event.connection).toBeNull()
    expect(await stateOf(mallory, link.id)).toMatchObject({ awaitingConfirmation: true })
    const held = await other.navigate(link.url)
    expect(held.text).toContain('Almost done')
    expect(held.text.replaceAll('&amp;', '&')).toContain(
      `${redirectUri}?connect_link_id=${link.id}&status=pending`,
    )
    await confirm(mallory, link.id, { code: codeOn(page) ?? '' })
    while (event.status === 'AUTHORIZING') event = await next(events)
    expect(event).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
  })
})

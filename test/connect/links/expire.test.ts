import { beforeAll, describe, expect, test, vi } from 'vitest'
import { linkUrl } from '../../../src/connect/links/link-url.ts'
import { markOpened, resolveConnectLink } from '../../../src/connect/links/open.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const completed: LinkProgress = { kind: 'completed', connection: connection('c1') }
const unavailable = async () => {
  throw new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'Fake failed with body hunter2.')
}

/** One link that expires after a minute. */
async function openLink() {
  const opened = await openConnect()
  opened.script.expiresAt = new Date(opened.clock.now().getTime() + 60_000)
  return { ...opened, id: await opened.createLink('user-1') }
}

describe('expiry of a link', () => {
  test('is recorded after `expiresAt` and one more check', async () => {
    const { id, clock, refreshLink, history } = await openLink()
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })
    clock.advance(55.5) // just before `expiresAt`, with the seconds that `refreshLink` adds
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })

    expect(await refreshLink(id)).toMatchObject({ status: 'EXPIRED' })
    expect(await history(id)).toMatchObject([
      { fromStatus: 'CREATED', toStatus: 'EXPIRED', source: 'TIMEOUT', reason: null },
    ])
  })

  test('does not apply to a link that was completed in the last second', async () => {
    const { id, clock, script, refreshLink, owners } = await openLink()
    clock.advance(3_000)
    script.check = async () => completed

    expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
    expect(await owners()).toEqual({ c1: 'user-1' })
  })

  test('is delayed while the provider is down, for at most an hour', async () => {
    const { id, clock, script, refreshLink, poll, link } = await openLink()
    script.check = unavailable
    clock.advance(60)
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })
    clock.advance(3_500)
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })

    clock.advance(100)
    await poll()
    expect(await link(id)).toMatchObject({ status: 'EXPIRED' })
  })

  test('closes the link URL immediately, even before it is recorded', async () => {
    const { id, context, clock, link } = await openLink()
    const token =
      linkUrl(await link(id), context)
        ?.split('/')
        .at(-1) ?? ''
    expect(await resolveConnectLink(context, token)).toMatchObject({
      kind: 'open',
      url: 'https://provider.example.com/link',
      link: { status: 'CREATED' },
    })

    clock.advance(60)

    expect(await resolveConnectLink(context, token)).toMatchObject({
      kind: 'ended',
      link: { status: 'EXPIRED' },
    })
    expect(await link(id)).toMatchObject({ status: 'CREATED' })
    expect(await resolveConnectLink(context, 'another-token')).toEqual({ kind: 'unknown' })
  })

  test('once recorded, makes markOpened return false', async () => {
    const { id, context, clock, link, refreshLink } = await openLink()
    const before = await link(id)
    clock.advance(60)
    await refreshLink(id)

    expect(await markOpened(context, before)).toBe(false)
    expect(await link(id)).toMatchObject({ status: 'EXPIRED', openedAt: null })
  })

  test('is that of the provider, or of the gateway policy if that is earlier', async () => {
    const { clock, script, createLink, link } = await openConnect()
    const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000)
    script.expiresAt = inSeconds(3_600)
    expect(await link(await createLink('user-1'))).toMatchObject({
      expiresAt: inSeconds(3_600),
      expirySource: 'PROVIDER',
    })
    script.expiresAt = inSeconds(30 * 86_400)
    expect(await link(await createLink('user-1'))).toMatchObject({
      expiresAt: inSeconds(86_400),
      expirySource: 'GATEWAY_POLICY',
    })
    script.expiresAt = null
    expect(await link(await createLink('user-1'))).toMatchObject({
      expiresAt: inSeconds(86_400),
      expirySource: 'GATEWAY_POLICY',
    })
  })
})

describe('a check at the provider', () => {
  test('is made at most once in two seconds for all concurrent reads', async () => {
    const { clock, script, refreshOpenLinks, createLink } = await openConnect()
    await createLink('user-1')
    const check = vi.fn(script.check)
    script.check = check

    await Promise.all([refreshOpenLinks(), refreshOpenLinks(), refreshOpenLinks()])
    clock.advance(1.9)
    await refreshOpenLinks()
    expect(check).toHaveBeenCalledTimes(1)

    clock.advance(0.2)
    await refreshOpenLinks()
    expect(check).toHaveBeenCalledTimes(2)
  })

  test('that fails leaves the link unchanged and is logged without the response body', async () => {
    const { id, script, refreshLink, history, logged } = await openLink()
    script.check = unavailable
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })
    expect(await history(id)).toEqual([])
    expect(logged()).toContain('PROVIDER_UNAVAILABLE')
    expect(logged()).not.toContain('hunter2')

    script.check = async () => completed
    expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('that fails for one link does not prevent the reconciliation of another one', async () => {
    const { id, script, refreshLink, createLink } = await openLink()
    const other = await createLink('user-2')
    script.check = ({ linkId }) => (linkId === id ? unavailable() : Promise.resolve(completed))

    expect(await refreshLink(other)).toMatchObject({ status: 'COMPLETED' })
  })

  test('goes on after the wait budget of the read, and its result is recorded', async () => {
    const { id, context, script, refreshLink, link } = await openLink()
    Object.assign(context, { maxWaitMs: 1 })
    let answer = (_: LinkProgress) => {}
    script.check = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })

    answer(completed)

    await vi.waitFor(async () => expect(await link(id)).toMatchObject({ status: 'COMPLETED' }))
  })

  test('of a link long after its expiry is not overtaken by the expiry', async () => {
    const { id, context, clock, script, refreshLink, link } = await openLink()
    let answer = (_: LinkProgress) => {}
    script.check = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    Object.assign(context, { maxWaitMs: 1 })
    // The first check after two hours.
    clock.advance(7_200)
    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })

    answer(completed)

    await vi.waitFor(async () => expect(await link(id)).toMatchObject({ status: 'COMPLETED' }))
  })

  test('started before `expiresAt` and answered after it is followed by another check', async () => {
    const { id, clock, script, poll, link } = await openLink()
    script.check = async () => {
      clock.advance(2)
      return { kind: 'open' }
    }
    clock.advance(59)
    await poll()
    script.check = async () => completed
    clock.advance(10)
    await poll()

    expect(await link(id)).toMatchObject({ status: 'COMPLETED' })
  })
})

import { beforeAll, describe, expect, test, vi } from 'vitest'
import { linkUrl } from '../../../src/connect/links/link-url.ts'
import { markOpened, resolveConnectLink } from '../../../src/connect/links/open.ts'
import { ProviderError } from '../../../src/domain/errors.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const completed: LinkProgress = { kind: 'completed', connection: connection('c1') }
const unavailable = async () => {
  throw new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'Fake failed, and its body said hunter2.')
}

/** One link that ends after a minute. */
async function openLink() {
  const opened = await openConnect()
  opened.script.expiresAt = new Date(opened.clock.now().getTime() + 60_000)
  return { ...opened, id: await opened.createLink('user-1') }
}

describe('the end of a link', () => {
  test('comes with its time, after the provider was asked once more', async () => {
    const { id, clock, settled, history } = await openLink()
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })
    clock.advance(55.5) // with the seconds that `settled` adds just before the end
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })

    expect(await settled(id)).toMatchObject({ status: 'EXPIRED' })
    expect(await history(id)).toMatchObject([
      { fromStatus: 'CREATED', toStatus: 'EXPIRED', source: 'TIMEOUT', reason: null },
    ])
  })

  test('does not take away what was finished in the last moment', async () => {
    const { id, clock, script, settled, owners } = await openLink()
    clock.advance(3_000)
    script.check = async () => completed

    expect(await settled(id)).toMatchObject({ status: 'COMPLETED' })
    expect(await owners()).toEqual({ c1: 'user-1' })
  })

  test('waits for a provider that is down, but not longer than an hour', async () => {
    const { id, clock, script, settled, poll, link } = await openLink()
    script.check = unavailable
    clock.advance(60)
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })
    clock.advance(3_500)
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })

    clock.advance(100)
    await poll()
    expect(await link(id)).toMatchObject({ status: 'EXPIRED' })
  })

  test('closes the door at once, whether or not anybody has read the link', async () => {
    const { id, context, clock, link } = await openLink()
    const token =
      linkUrl(await link(id), context)
        ?.split('/')
        .at(-1) ?? ''
    expect(await resolveConnectLink(context, token)).toMatchObject({
      kind: 'open',
      to: 'https://provider.example.com/link',
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

  test('that has been noted lets nobody through any more', async () => {
    const { id, context, clock, link, settled } = await openLink()
    const before = await link(id)
    clock.advance(60)
    await settled(id)

    expect(await markOpened(context, before)).toBe(false)
    expect(await link(id)).toMatchObject({ status: 'EXPIRED', openedAt: null })
  })

  test('is the provider’s, or the policy’s when that is earlier', async () => {
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

describe('asking the provider', () => {
  test('happens at most once in two seconds, however many read at once', async () => {
    const { clock, script, settle, createLink } = await openConnect()
    await createLink('user-1')
    const check = vi.fn(script.check)
    script.check = check

    await Promise.all([settle(), settle(), settle()])
    clock.advance(1.9)
    await settle()
    expect(check).toHaveBeenCalledTimes(1)

    clock.advance(0.2)
    await settle()
    expect(check).toHaveBeenCalledTimes(2)
  })

  test('leaves the link as it was when the provider fails, and says so in the log without quoting it', async () => {
    const { id, script, settled, history, logged } = await openLink()
    script.check = unavailable
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })
    expect(await history(id)).toEqual([])
    expect(logged()).toContain('PROVIDER_UNAVAILABLE')
    expect(logged()).not.toContain('hunter2')

    script.check = async () => completed
    expect(await settled(id)).toMatchObject({ status: 'COMPLETED' })
  })

  test('about one link that fails does not keep another one from being settled', async () => {
    const { id, script, settled, createLink } = await openLink()
    const other = await createLink('user-2', 'github')
    script.check = ({ linkId }) => (linkId === id ? unavailable() : Promise.resolve(completed))

    expect(await settled(other)).toMatchObject({ status: 'COMPLETED' })
  })

  test('does not hold up a reader who has waited long enough, and is not lost', async () => {
    const { id, context, script, settled, link } = await openLink()
    Object.assign(context, { maxWaitMs: 1 })
    let answer = (_: LinkProgress) => {}
    script.check = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })

    answer(completed)

    await vi.waitFor(async () => expect(await link(id)).toMatchObject({ status: 'COMPLETED' }))
  })

  test('about a link of long ago is not overtaken by its end while the answer is on its way', async () => {
    const { id, context, clock, script, settled, link } = await openLink()
    let answer = (_: LinkProgress) => {}
    script.check = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    Object.assign(context, { maxWaitMs: 1 })
    // The first question since: nobody was there for two hours.
    clock.advance(7_200)
    expect(await settled(id)).toMatchObject({ status: 'CREATED' })

    answer(completed)

    await vi.waitFor(async () => expect(await link(id)).toMatchObject({ status: 'COMPLETED' }))
  })

  test('just before the end is not the last question, though its answer comes just after it', async () => {
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

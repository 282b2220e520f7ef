import { describe, expect, test } from 'vitest'
import { openConnect } from '../open.ts'

/** Creates a link whose provider returns an expiry; the provider's clock is ahead of the gateway's. */
async function createLink(expiresAt: Date, { aheadSeconds = 0 } = {}) {
  const { clock, clocks, provider, script, ...connect } = await openConnect()
  const now = clock.now()
  const dateHeader = new Date(now.getTime() + aheadSeconds * 1000).toUTCString()
  clocks.observe(provider.accountKey, { dateHeader, sentAt: now, receivedAt: now })
  script.expiresAt = expiresAt
  const row = await connect.link(await connect.createLink('user-1'))
  const secondsUntil = (at: Date | null) => at && (at.getTime() - now.getTime()) / 1000
  return { ...row, expiresIn: secondsUntil(row.expiresAt), watchedFor: secondsUntil(row.watchUntil) }
}

/** A time by a clock that reads 2026-11-22T08:00:00Z when the link is created. */
const inSeconds = (seconds: number) => new Date(Date.parse('2026-11-22T08:00:00Z') + seconds * 1000)

describe('the expiry of a new link', () => {
  test('is the time that the provider returned if its clock agrees', async () => {
    expect(await createLink(inSeconds(3_600))).toMatchObject({ expiresIn: 3_600, expirySource: 'PROVIDER' })
  })

  test.each([-86_400, -300, 300, 86_400])(
    'is corrected if the provider is %i s ahead',
    async (aheadSeconds) => {
      const link = await createLink(inSeconds(3_600 + aheadSeconds), { aheadSeconds })
      expect(link.expirySource).toBe('PROVIDER')
      // A `Date` header has whole seconds.
      expect(Math.abs((link.expiresIn ?? 0) - 3_600)).toBeLessThanOrEqual(1)
      expect(link.watchedFor).toBe(link.expiresIn)
    },
  )

  test.each([
    ['the epoch', new Date(0)],
    ['now', inSeconds(0)],
    ['year 9999', new Date('9999-12-31T23:59:59Z')],
    ['no date', new Date(Number.NaN)],
  ])('is that of the policy if the provider returns %s', async (_, expiresAt) => {
    expect(await createLink(expiresAt)).toMatchObject({
      expiresIn: 86_400,
      expirySource: 'GATEWAY_POLICY',
      watchedFor: 86_400 + 3_600,
    })
  })
})

import { describe, expect, test } from 'vitest'
import { codeOn } from '../server/pages/browser.ts'
import { approveIn, claim, createGuardedLink, openIn, startGuarded } from './guarded.ts'

describe('a claim', () => {
  test.each([
    ['of a page of another site', 'https://evil.example'],
    ['without an origin', 'null'],
  ])('%s is not accepted: the link is not claimed, and a code is needed', async (_, origin) => {
    const { mallory, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM')
    const response = await other.submitClaim(link.url, await claim(mallory, link.id), origin)
    expect(response.text).toContain('Continue to Pipedream')
    const { page } = await approveIn(other, await openIn(other, link.url))
    expect(codeOn(page)).toMatch(/^\d{6}$/)
  })

  test.each(['used', 'replaced', 'expired'])('that is %s does not claim the link', async (how) => {
    const { gateway, mallory, own, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM')
    const code = await claim(mallory, link.id)
    if (how === 'used') await own.submitClaim(link.url, code)
    if (how === 'replaced') await claim(mallory, link.id)
    if (how === 'expired') gateway.clock.advance(300)
    const { page } = await approveIn(other, await openIn(other, link.url, code))
    expect(codeOn(page)).toMatch(/^\d{6}$/)
  })

  test('in the URL is ignored', async () => {
    const { mallory, other } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM')
    const url = `${link.url}?claim=${await claim(mallory, link.id)}`
    const { page } = await approveIn(other, await openIn(other, url))
    expect(codeOn(page)).toMatch(/^\d{6}$/)
  })

  test('is for links with the guard SAME_BROWSER that are open', async () => {
    const { mallory } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM', { guard: 'NONE' })
    await expect(claim(mallory, link.id)).rejects.toThrow('INVALID_STATE')
  })

  test('sets a cookie that scripts cannot read and that other sites do not get', async () => {
    const { mallory, own } = await startGuarded()
    const link = await createGuardedLink(mallory, 'PIPEDREAM')
    const { headers, text } = await own.submitClaim(link.url, await claim(mallory, link.id))
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^connect-link-\w+=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/),
    ])
    expect(text).toMatch(/<meta http-equiv="refresh" content="0; url=[\w-]{43}">/)
  })
})

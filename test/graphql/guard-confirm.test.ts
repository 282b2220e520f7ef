import { describe, expect, test } from 'vitest'
import { createBrowser } from '../server/pages/browser.ts'
import { asEndUser } from './as-end-user.ts'
import {
  approveIn,
  asApiKey,
  confirm,
  connectionsOf,
  createGuardedLink,
  newPkce,
  openIn,
  redirecting,
  startGuarded,
  stateOf,
} from './guarded.ts'
import { createLink } from './open.ts'

const endUser = { id: 'mallory' }
const redirectUri = 'https://app.example.com/done'

/** A link that the server of the application creates, completed in a browser. */
async function startHeld(provider: (typeof redirecting)[number][0], env: Record<string, string> = {}) {
  const started = await startGuarded(env)
  const api = asApiKey(started.gateway)
  const { codeVerifier, codeChallenge } = newPkce()
  const input = { guard: 'CONFIRM', codeChallenge, endUser, redirectUri }
  const link = await createGuardedLink(api, provider, input)
  const browser = createBrowser()
  const { page } = await approveIn(browser, await openIn(browser, link.url))
  return { ...started, api, link, page, codeVerifier, browser }
}

describe.each(redirecting)('a link of %s %o with the guard CONFIRM', (provider, env) => {
  test('is released only with the verifier of its challenge', async () => {
    const { api, mallory, link, page, codeVerifier, browser } = await startHeld(provider, env)
    expect(new URL(page.headers.location ?? '').searchParams.get('status')).toBe('pending')
    expect(browser.cookies.size).toBe(0)
    expect(await stateOf(mallory, link.id)).toMatchObject({ awaitingConfirmation: true, connection: null })
    expect(await connectionsOf(mallory)).toEqual({ totalCount: 0, nodes: [] })
    for (const caller of [mallory, api])
      expect(await confirm(caller, link.id, { codeVerifier: newPkce().codeVerifier })).toMatchObject({
        code: 'CODE_MISMATCH',
      })
    expect(await connectionsOf(api)).toEqual({ totalCount: 0, nodes: [] })
    expect(await confirm(api, link.id, { codeVerifier })).toMatchObject({
      connectLink: { status: 'COMPLETED' },
    })
    expect((await connectionsOf(mallory)).nodes).toMatchObject([{ status: 'ACTIVE', endUser }])
  })
})

test('the fifth wrong verifier ends the link, and the right one comes too late', async () => {
  const { gateway, api, link, codeVerifier } = await startHeld('PIPEDREAM')
  const left: unknown[] = []
  for (let attempt = 0; attempt < 5; attempt += 1)
    left.push(await confirm(api, link.id, { codeVerifier: newPkce().codeVerifier }))
  expect(left).toEqual(
    [4, 3, 2, 1, 0].map((attemptsLeft) => ({
      __typename: 'ConflictError',
      attemptsLeft,
      code: 'CODE_MISMATCH',
    })),
  )
  expect(await confirm(api, link.id, { codeVerifier })).toMatchObject({ code: 'INVALID_STATE' })
  expect(await stateOf(api, link.id)).toMatchObject({
    status: 'FAILED',
    lastFailure: { code: 'NOT_CONFIRMED' },
  })
  gateway.clock.advance(10)
  await gateway.poll()
  expect((await connectionsOf(api)).nodes).toMatchObject([{ status: 'DISCONNECTED', endUser: null }])
})

test('the arguments have to be those of the guard, and the verifier has to have the syntax of RFC 7636', async () => {
  const { api, link, codeVerifier } = await startHeld('PIPEDREAM')
  const paths = async (secret: { code?: string; codeVerifier?: string }) =>
    await confirm(api, link.id, secret)
  const issues = (...names: string[]) => ({ issues: names.map((name) => ({ path: [name] })) })
  expect(await paths({})).toMatchObject(issues('codeVerifier'))
  expect(await paths({ code: '123456' })).toMatchObject(issues('codeVerifier', 'code'))
  expect(await paths({ codeVerifier, code: '123456' })).toMatchObject(issues('code'))
  for (const malformed of ['short', `${codeVerifier}+`, 'a'.repeat(129)])
    expect(await paths({ codeVerifier: malformed })).toMatchObject(issues('codeVerifier'))
  expect(await confirm(api, link.id, { codeVerifier })).toMatchObject({
    connectLink: { status: 'COMPLETED' },
  })
})

test('a link without a guard, and one that was not completed yet, have nothing to confirm', async () => {
  const { gateway } = await startGuarded()
  const api = asApiKey(gateway)
  const none = await createGuardedLink(api, 'PIPEDREAM', { guard: 'NONE', endUser })
  const open = await createGuardedLink(api, 'PIPEDREAM', { endUser })
  for (const { id } of [none, open])
    expect(await confirm(api, id, { code: '123456' })).toMatchObject({ code: 'INVALID_STATE' })
  expect((await stateOf(api, open.id)).status).toBe('CREATED')
})

describe('the input', () => {
  const challenge = newPkce().codeChallenge

  test.each([
    ['CONFIRM without a challenge', { guard: 'CONFIRM' }, 'codeChallenge'],
    ['a challenge without CONFIRM', { guard: 'NONE', codeChallenge: challenge }, 'codeChallenge'],
    ['a challenge that is no hash', { guard: 'CONFIRM', codeChallenge: 'a'.repeat(44) }, 'codeChallenge'],
  ] as const)('is refused: %s', async (_, input, field) => {
    const { gateway } = await startGuarded()
    const result = await createLink(gateway, 'PIPEDREAM', input)
    if (result.__typename !== 'InvalidInputError') throw new Error(result.__typename)
    expect(result.issues.map(({ path }) => path)).toEqual([['input', field]])
  })

  test.each([
    ['NONE', 'NONE', 'NONE'],
    ['NONE', null, 'NONE'],
    ['NONE', 'SAME_BROWSER', 'SAME_BROWSER'],
    ['NONE', 'CONFIRM', 'CONFIRM'],
    ['SAME_BROWSER', null, 'SAME_BROWSER'],
    ['SAME_BROWSER', 'SAME_BROWSER', 'SAME_BROWSER'],
    ['SAME_BROWSER', 'NONE', 'refused'],
    ['SAME_BROWSER', 'CONFIRM', 'refused'],
    ['CONFIRM', null, 'refused'],
    ['CONFIRM', 'CONFIRM', 'refused'],
    ['CONFIRM', 'NONE', 'refused'],
  ])('LINK_GUARD=%s: a session with guard %s gets %s', async (LINK_GUARD, guard, expected) => {
    const { mallory } = await startGuarded({ LINK_GUARD })
    const { data } = await mallory.query(
      `mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: PIPEDREAM, input: $input) {
        ... on CreateConnectLinkPayload { connectLink { guard } } ... on InvalidInputError { issues { path } } } }`,
      { input: { connector: 'github', guard, ...(guard === 'CONFIRM' && { codeChallenge: challenge }) } },
    )
    expect(data?.createConnectLink).toEqual(
      expected === 'refused'
        ? { issues: [{ path: ['input', 'guard'] }] }
        : { connectLink: { guard: expected } },
    )
  })

  test('an API key decides: it may create a link with a weaker guard, alone and in bulk', async () => {
    const { gateway } = await startGuarded({ LINK_GUARD: 'SAME_BROWSER' })
    const { data } = await asApiKey(gateway).query(
      `mutation ($inputs: [CreateConnectLinksInput!]!) { createConnectLinks(inputs: $inputs) {
        ... on CreateConnectLinkPayload { connectLink { guard } } } }`,
      {
        inputs: ['NONE', null, 'CONFIRM'].map((guard) => ({
          provider: 'PIPEDREAM',
          input: {
            connector: 'github',
            endUser,
            guard,
            ...(guard === 'CONFIRM' && { codeChallenge: challenge }),
          },
        })),
      },
    )
    expect(data?.createConnectLinks).toEqual(
      ['NONE', 'SAME_BROWSER', 'CONFIRM'].map((guard) => ({ connectLink: { guard } })),
    )
  })
})

test('the session of another end user cannot confirm', async () => {
  const { gateway, link, codeVerifier } = await startHeld('PIPEDREAM')
  const eve = await asEndUser(gateway, 'eve')
  expect(await confirm(eve, link.id, { codeVerifier })).toMatchObject({ code: 'NOT_FOUND' })
})

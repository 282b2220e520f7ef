import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../helpers/database.ts'
import { asEndUser } from './as-end-user.ts'
import { providers, requestsTo } from './open.ts'
import {
  choose,
  countAtProviders,
  countLinks,
  fail,
  openChoosing,
  plan,
  planned,
  refusedOnce,
} from './select-provider.ts'

beforeAll(() => testDatabase())

describe('a call without a provider', () => {
  test('makes one link with the first provider that offers the application, and says why', async () => {
    const gateway = await openChoosing()
    const made = await choose(gateway)
    expect(made).toMatchObject({
      __typename: 'CreateConnectLinkPayload',
      connectLink: { provider: { key: 'FIVETRAN' }, connectorKey: 'hubspot' },
      selection: { chosen: 'FIVETRAN', connectorKey: 'hubspot', reason: expect.stringMatching(/order/) },
    })
    expect(await countLinks(gateway)).toBe(1)
    expect(await choose(gateway, {}, 'FIVETRAN')).toMatchObject({ selection: null })
  })

  test('goes to the preferred provider, and to one of the direction wanted', async () => {
    const gateway = await openChoosing()
    expect(await choose(gateway, { preferProviders: ['CENSUS'], direction: 'DESTINATION' })).toMatchObject({
      connectLink: { provider: { key: 'CENSUS' } },
      selection: { chosen: 'CENSUS' },
    })
    expect(await planned(gateway, { direction: 'DESTINATION' })).toMatchObject({
      chosen: 'CENSUS',
      rejected: expect.arrayContaining([
        { provider: 'FIVETRAN', reason: expect.stringMatching(/direction DESTINATION/) },
      ]),
    })
    expect(await planned(gateway, { direction: 'SOURCE', preferProviders: ['XPANDER'] })).toMatchObject({
      chosen: 'FIVETRAN',
    })
  })

  test('that is only planned asks no provider anything and keeps nothing, with or without a provider', async () => {
    const gateway = await openChoosing()
    expect(await planned(gateway, { idempotencyKey: 'order-1' })).toMatchObject({ chosen: 'FIVETRAN' })
    expect(await plan(gateway, {}, 'CENSUS')).toMatchObject({
      __typename: 'PlanConnectLinkPayload',
      selection: { chosen: 'CENSUS', connectorKey: 'hubspot', rejected: [] },
    })
    expect(await requestsTo(gateway)).toEqual([])
    expect(await countLinks(gateway)).toBe(0)
    expect(await choose(gateway, { idempotencyKey: 'order-1' })).toMatchObject({ replayed: false })
  })

  test('is told when there is no such application, or a connector key stands in its place', async () => {
    const gateway = await openChoosing()
    const key = gateway.connect.catalogue
      .all()
      .find((one) => gateway.connect.catalogue.application(one.key) === undefined)?.key
    expect(await choose(gateway, { connector: 'no-such-thing' })).toMatchObject({ code: 'NOT_FOUND' })
    expect(await choose(gateway, { connector: key ?? '' })).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/is a connector key of .*pass the provider too/),
    })
    expect(await choose(gateway, { connector: '../x' })).toMatchObject({
      issues: [{ path: ['input', 'connector'] }],
    })
  })

  test('narrows the choice by the one block of options, and refuses two', async () => {
    const gateway = await openChoosing()
    expect(await planned(gateway, { pipedream: { scope: 'x' } })).toMatchObject({ chosen: 'PIPEDREAM' })
    expect(await choose(gateway, { pipedream: {}, fivetran: {} })).toMatchObject({
      issues: [{ path: ['input', 'fivetran'] }, { path: ['input', 'pipedream'] }],
    })
    expect(await choose(gateway, { preferProviders: ['FIVETRAN'] }, 'FIVETRAN')).toMatchObject({
      issues: [{ path: ['input', 'preferProviders'] }],
    })
  })

  test('finds all that is wrong with the input before anything is sent', async () => {
    const gateway = await openChoosing()
    expect(await choose(gateway, { endUser: null, expiresInSeconds: 0 })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'endUser'] }, { path: ['input', 'expiresInSeconds'] }],
    })
    expect(await requestsTo(gateway)).toEqual([])
  })

  test('of an end user goes only where the session may', async () => {
    const gateway = await openChoosing()
    const { ask } = await asEndUser(gateway, 'user-1', { providers: ['PIPEDREAM'] })
    const { data } = await ask(`{
      planConnectLink(input: { connector: "hubspot" }) {
        ... on PlanConnectLinkPayload { selection { chosen rejected { provider reason } } }
      }
    }`)
    expect(data).toMatchObject({
      planConnectLink: {
        selection: {
          chosen: 'PIPEDREAM',
          rejected: expect.arrayContaining([
            { provider: 'FIVETRAN', reason: expect.stringMatching(/not allowed in this session/) },
          ]),
        },
      },
    })
  })

  test('of an end user is told what is wrong with it where the session may go', async () => {
    const gateway = await openChoosing()
    const { ask } = await asEndUser(gateway, 'user-1', { providers: ['PIPEDREAM'] })
    const { data } = await ask(`mutation {
      createConnectLink(input: { connector: "hubspot", expiresInSeconds: 0 }) {
        ... on InvalidInputError { issues { path } }
      }
    }`)
    expect(data).toEqual({ createConnectLink: { issues: [{ path: ['input', 'expiresInSeconds'] }] } })
  })
})

describe('when a provider fails', () => {
  test('that refuses to act, the next one makes the only link, and the answer says why', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', refusedOnce)
    const made = await choose(gateway, { preferProviders: ['FIVETRAN', 'PIPEDREAM'] })
    expect(made).toMatchObject({
      connectLink: { provider: { key: 'PIPEDREAM' } },
      selection: {
        chosen: 'PIPEDREAM',
        rejected: expect.arrayContaining([
          { provider: 'FIVETRAN', reason: expect.stringMatching(/HTTP 429/) },
        ]),
      },
    })
    expect(await countLinks(gateway)).toBe(1)
    expect(await countAtProviders(gateway)).toBe(0)
  })

  test('and is down, it is the last resort', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', { times: 100, status: 503, body: {} })
    for (let attempt = 0; attempt < 3; attempt += 1) await choose(gateway, {}, 'FIVETRAN')
    expect(gateway.connect.health.of('FIVETRAN')).toBe('DOWN')
    await gateway.control('DELETE', 'requests')

    expect(await choose(gateway, { preferProviders: ['FIVETRAN', 'PIPEDREAM'] })).toMatchObject({
      selection: {
        chosen: 'PIPEDREAM',
        rejected: expect.arrayContaining([
          { provider: 'FIVETRAN', reason: expect.stringMatching(/is DOWN/) },
        ]),
      },
    })
    expect((await requestsTo(gateway)).filter(({ path }) => path.startsWith('/fivetran'))).toEqual([])
  })

  test('and nobody knows what it did, no other one is tried', async () => {
    const gateway = await openChoosing()
    await fail(gateway, 'FIVETRAN', { method: 'POST', times: 1, kind: 'reset' })
    expect(await choose(gateway)).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(/^Fivetran /),
      provider: 'FIVETRAN',
      retryable: true,
    })
    const asked = (await requestsTo(gateway)).filter(({ method }) => method === 'POST')
    expect(asked.every(({ path }) => path.startsWith('/fivetran'))).toBe(true)
    expect(await countLinks(gateway)).toBe(0)
  })

  test('with all of them the error is that of the first', async () => {
    const gateway = await openChoosing()
    for (const provider of providers) await fail(gateway, provider, { times: 100, status: 401, body: {} })
    expect(await choose(gateway, { preferProviders: ['PIPEDREAM'] })).toMatchObject({
      code: 'PROVIDER_UNAUTHORIZED',
      provider: 'PIPEDREAM',
    })
    expect(await countLinks(gateway)).toBe(0)
  })
})

import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { builder } from '../../src/graphql/builder.ts'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { schema } from '../../src/graphql/schema.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { runs } from './audit-runs.ts'
import { createLink, createLinkOrThrow, postQuery } from './open.ts'
import { problemOfChain, readAudit } from './read-audit.ts'
import { unusedUuid } from './two-users.ts'

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})

test('every mutation declares what is audited, and has a run', () => {
  expect(mutations.filter(({ extensions }) => !extensions.isAudited).map(({ name }) => name)).toEqual([])
  expect(Object.keys(runs).toSorted()).toEqual(mutations.map(({ name }) => name).toSorted())
})

test('a mutation without `audit` does not compile', () => {
  const options = { permission: null, description: 'Does nothing.', resolve: () => true } as const
  builder.mutationFields((t) => ({
    declared: t.boolean({ ...options, audit: () => ({ targets: [] }) }),
    // @ts-expect-error: `audit` is missing
    undeclared: t.boolean(options),
  }))
  const fields = builder.toSchema().getMutationType()?.getFields()
  expect([fields?.declared?.extensions.isAudited, fields?.undeclared?.extensions.isAudited]).toEqual([
    true,
    undefined,
  ])
})

describe('a successful mutation is recorded once with its caller', () => {
  test.each(Object.entries(runs))(
    '%s',
    async (operation, { prepare, run, endUserId = 'user-1', targets }) => {
      const gateway = await startTestGateway()
      const id = (await prepare?.(gateway)) ?? ''
      const response = await run(gateway, id)
      const body = await response.text()
      expect(body).not.toMatch(/"code"|"errors"/)

      const events = await readAudit(gateway, { operation })
      expect(events).toMatchObject([
        {
          actor: { kind: 'API_KEY', id: 'GATEWAY_API_KEY', name: 'GATEWAY_API_KEY' },
          outcome: 'SUCCESS',
          errorCode: null,
          endUserId,
          address: '127.0.0.1',
          userAgent: 'audit-test/1',
          requestId: response.headers.get('x-request-id'),
        },
      ])
      expect(events[0]?.targets.map(({ type }) => type)).toEqual(targets)
      if (id !== '') expect(events[0]?.targets.map((target) => target.id)).toContain(id)
      expect(await problemOfChain(gateway)).toBeNull()
    },
  )
})

describe('a mutation of a session is recorded', () => {
  test('with the session that `createSession` has recorded', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada')
    const { codes } = await ada.query(
      'mutation { createConnectLink(provider: PIPEDREAM, input: { connector: "github" }) { __typename } }',
    )
    expect(codes).toEqual([])
    const [created] = await readAudit(gateway, { operation: 'createSession' })
    const [event] = await readAudit(gateway, { operation: 'createConnectLink' })
    expect(event).toMatchObject({
      actor: { kind: 'SESSION', name: null },
      outcome: 'SUCCESS',
      endUserId: 'ada',
    })
    expect(created?.targets).toEqual([
      { type: 'Session', id: encodeGlobalId('Session', event?.actor.id ?? '') },
    ])
  })

  test.each([
    ['createSession', 'createSession(input: { endUser: { id: "bob" } }) { __typename }'],
    ['refreshConnectors', 'refreshConnectors { __typename }'],
    [
      'assignConnection',
      `assignConnection(id: "${encodeGlobalId('Connection', unusedUuid)}") { __typename }`,
    ],
  ])('as DENIED without the permission: %s', async (operation, field) => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada')
    expect((await ada.query(`mutation { ${field} }`)).codes).toEqual(['FORBIDDEN'])
    const events = await readAudit(gateway, { operation, outcome: 'DENIED' })
    expect(events).toMatchObject([{ actor: { kind: 'SESSION' }, errorCode: 'FORBIDDEN' }])
  })

  test('as DENIED over the cost limit, and over the limit of a minute', async () => {
    const gateway = await startTestGateway({ env: { RATE_LIMIT_SESSION: '300' } })
    const ada = await asEndUser(gateway, 'ada')
    const many = (count: number) =>
      ada.query(
        `mutation ($inputs: [CreateConnectLinksInput!]!) { createConnectLinks(inputs: $inputs) { ...Id } }
        fragment Id on CreateConnectLinkResult { ... on CreateConnectLinkPayload { connectLink { id } } }`,
        { inputs: Array(count).fill({ provider: 'PIPEDREAM', input: { connector: 'github' } }) },
      )
    expect((await many(300)).codes).toEqual(['COST_LIMIT'])
    expect((await many(6)).codes).toEqual(['RATE_LIMITED'])
    const events = await readAudit(gateway, { operation: 'createConnectLinks' })
    expect(events.map(({ outcome, errorCode, endUserId }) => [outcome, errorCode, endUserId])).toEqual([
      ['DENIED', 'RATE_LIMITED', 'ada'],
      ['DENIED', 'COST_LIMIT', 'ada'],
    ])
  })

  test('as DENIED at most 60 times a minute', async () => {
    const gateway = await startTestGateway()
    const ada = await asEndUser(gateway, 'ada')
    const deny = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () => ada.query('mutation { refreshConnectors { __typename } }')),
      )
    await deny(70)
    expect(await readAudit(gateway, { outcome: 'DENIED' })).toHaveLength(60)
    gateway.clock.advance(60)
    await deny(1)
    expect(await readAudit(gateway, { outcome: 'DENIED' })).toHaveLength(61)
  })
})

describe('a failed mutation is recorded', () => {
  test('with the code of its typed error, and the target that the caller named', async () => {
    const gateway = await startTestGateway()
    const id = encodeGlobalId('ConnectLink', unusedUuid)
    await postQuery(gateway, 'mutation ($id: ID!) { revokeConnectLink(id: $id) { __typename } }', { id })
    await createLink(gateway, 'PIPEDREAM', { connector: 'no-such-connector' })
    await createLink(gateway, 'PIPEDREAM', { endUser: { id: '' } })
    const events = await readAudit(gateway, { outcome: 'FAILED' })
    expect(events).toMatchObject([
      { operation: 'createConnectLink', errorCode: 'INVALID_INPUT', endUserId: '', targets: [] },
      { operation: 'createConnectLink', errorCode: 'NOT_FOUND', endUserId: 'user-1', targets: [] },
      { operation: 'revokeConnectLink', errorCode: 'NOT_FOUND', targets: [{ type: 'ConnectLink', id }] },
    ])
  })

  test('for each entry of createConnectLinks, and with the code of a GraphQL error', async () => {
    const gateway = await startTestGateway()
    const send = (inputs: readonly object[]) =>
      postQuery(
        gateway,
        'mutation ($inputs: [CreateConnectLinksInput!]!) { createConnectLinks(inputs: $inputs) { __typename } }',
        { inputs },
      )
    const entry = (id: string, connector: string) => ({
      provider: 'PIPEDREAM',
      input: { connector, endUser: { id } },
    })
    await send([entry('a', 'github'), entry('b', 'no-such-connector'), entry('c', 'slack')])
    await send([])
    const events = await readAudit(gateway, { operation: 'createConnectLinks' })
    const seen = events.map(({ outcome, errorCode, endUserId }) => [outcome, errorCode, endUserId])
    expect(seen[0]).toEqual(['FAILED', 'BAD_USER_INPUT', null])
    expect(seen.slice(1).toSorted()).toEqual([
      ['FAILED', 'NOT_FOUND', 'b'],
      ['SUCCESS', null, 'a'],
      ['SUCCESS', null, 'c'],
    ])
  })

  test('without texts that are no IDs', async () => {
    const gateway = await startTestGateway()
    const secret = 'sk-live-0123456789'
    for (const id of [secret, encodeGlobalId('ConnectLink', secret), encodeGlobalId(secret, unusedUuid)])
      await postQuery(gateway, 'mutation ($id: ID!) { revokeConnectLink(id: $id) { __typename } }', { id })
    await createLink(gateway, 'PIPEDREAM', { endUser: { id: 'a\u0000b' } })
    const events = await readAudit(gateway, { outcome: 'FAILED' })
    expect(events.map(({ targets, endUserId }) => [targets, endUserId])).toEqual(Array(4).fill([[], null]))
  })
})

test('a link is not created if its creation cannot be recorded', async () => {
  const gateway = await startTestGateway()
  const { db } = gateway.connect
  await sql`alter table audit_events add constraint refused check (operation <> 'createConnectLink') not valid`.execute(
    db,
  )
  const allow = () => sql`alter table audit_events drop constraint if exists refused`.execute(db)
  onTestFinished(async () => void (await allow()))
  const { codes } = await postQuery(
    gateway,
    'mutation { createConnectLink(provider: PIPEDREAM, input: { connector: "github", endUser: { id: "a" } }) { __typename } }',
  )
  expect(codes).toEqual(['INTERNAL_SERVER_ERROR'])
  expect(await db.selectFrom('connectLinks').select('id').execute()).toEqual([])
  await allow()
  await createLinkOrThrow(gateway, 'PIPEDREAM')
  expect(await readAudit(gateway, { operation: 'createConnectLink' })).toHaveLength(1)
})

import { describe, expect, test } from 'vitest'
import { asEndUser } from '../../graphql/as-end-user.ts'
import { postQuery } from '../../graphql/open.ts'
import { changes, type OpenGateway, openGateway } from '../gateway.ts'

const ada = { endUser: { id: 'ada' } }
const github = { ...ada, connector: 'github' }

/** A gateway with one active connection of Ada. */
async function withConnection(): Promise<{ gateway: OpenGateway; id: string }> {
  const gateway = await openGateway()
  await gateway.makeConnection('PIPEDREAM', 'github', { ...ada, tags: [{ key: 'plan', value: 'pro' }] })
  const [connection] = (await gateway.list()).nodes
  await gateway.control('DELETE', 'requests')
  return { gateway, id: connection?.id ?? '' }
}

describe('a second connection', () => {
  test('of the same account is created by default, with `duplicateOf` set', async () => {
    const { gateway, id } = await withConnection()
    await gateway.makeConnection('PIPEDREAM', 'github', ada)
    gateway.clock.advance(1)
    await gateway.makeConnection('PIPEDREAM', 'slack', ada)
    await gateway.list()

    const list =
      '{ connections { nodes { connectorKey duplicateOf { id } externalAccount { id name email } } } }'
    const { data } = await postQuery(gateway, list)
    const account = (address: string) => ({ id: address, name: address, email: address })
    expect(data?.connections).toEqual({
      nodes: [
        { connectorKey: 'slack', duplicateOf: null, externalAccount: account('slack-user@example.com') },
        { connectorKey: 'github', duplicateOf: { id }, externalAccount: account('github-user@example.com') },
        { connectorKey: 'github', duplicateOf: null, externalAccount: account('github-user@example.com') },
      ],
    })
  })

  test('with REUSE is not created: the link is completed with the first one, and nothing is sent', async () => {
    const { gateway, id } = await withConnection()
    const link = await gateway.createLink('PIPEDREAM', 'github', {
      ...github,
      duplicatePolicy: 'REUSE',
      redirectUri: 'https://app.example.com/done',
    })

    expect(link).toMatchObject({ status: 'COMPLETED', url: '', connection: { id } })
    expect(link.warnings.map(({ path }) => path)).toEqual([['input', 'redirectUri']])
    expect(await changes(gateway)).toEqual([])
    const query = `query ($id: ID!) { connectLink(id: $id) { purpose history { to source reason } connection { id tags { value } } } }`
    expect((await postQuery(gateway, query, { id: link.id })).data?.connectLink).toEqual({
      purpose: 'CONNECT',
      history: [{ to: 'COMPLETED', source: 'API_CALL', reason: 'REUSED' }],
      connection: { id, tags: [{ value: 'pro' }] },
    })
    // Repeatable: only the link that made the connection claims it.
    expect(
      await gateway.createLink('PIPEDREAM', 'github', { ...github, duplicatePolicy: 'REUSE' }),
    ).toMatchObject({ connection: { id } })
  })

  test('with REJECT is a ConflictError, and nothing is sent', async () => {
    const { gateway } = await withConnection()
    const result = await gateway.create('PIPEDREAM', { ...github, duplicatePolicy: 'REJECT' })
    expect(result).toMatchObject({ __typename: 'ConflictError', code: 'INVALID_STATE' })
    expect(await changes(gateway)).toEqual([])
  })

  test.each(['REUSE', 'REJECT'] as const)(
    'with %s is created if there is no usable one of this end user',
    async (duplicatePolicy) => {
      const { gateway, id } = await withConnection()
      const bob = { endUser: { id: 'bob' }, duplicatePolicy }
      expect(await gateway.createLink('PIPEDREAM', 'github', bob)).toMatchObject({ status: 'CREATED' })
      expect(await gateway.createLink('PIPEDREAM', 'slack', { ...ada, duplicatePolicy })).toMatchObject({
        status: 'CREATED',
      })
      await gateway.disconnect(id)
      expect(await gateway.createLink('PIPEDREAM', 'github', { ...github, duplicatePolicy })).toMatchObject({
        status: 'CREATED',
      })
    },
  )

  test('in a session depends only on connections of its own end user', async () => {
    const { gateway } = await withConnection()
    const query = `mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: PIPEDREAM, input: $input) {
      ... on CreateConnectLinkPayload { connectLink { status } } ... on Error { code message } } }`
    const as = async (id: string) =>
      (await asEndUser(gateway, id)).query(query, { input: { ...github, duplicatePolicy: 'REJECT' } })
    expect((await as('bob')).data?.createConnectLink).toEqual({ connectLink: { status: 'CREATED' } })
    expect((await as('ada')).data?.createConnectLink).toMatchObject({ code: 'INVALID_STATE' })
  })
})

describe('with an idempotency key', () => {
  test('a repeated call returns the created link, although its connection exists by then', async () => {
    const gateway = await openGateway()
    const input = { ...github, duplicatePolicy: 'REJECT', idempotencyKey: 'key' } as const
    const first = await gateway.makeConnection('PIPEDREAM', 'github', input)
    expect((await gateway.list()).nodes).toHaveLength(1)

    const replayed = await gateway.create('PIPEDREAM', input)

    expect(replayed).toMatchObject({ replayed: true, connectLink: { id: first.id } })
  })

  test('a repeated call returns the same link to a reused connection', async () => {
    const { gateway, id } = await withConnection()
    const input = { ...github, duplicatePolicy: 'REUSE', idempotencyKey: 'key' } as const
    const first = await gateway.createLink('PIPEDREAM', 'github', input)
    const replayed = await gateway.create('PIPEDREAM', input)
    expect(replayed).toMatchObject({
      replayed: true,
      connectLink: { id: first.id, status: 'COMPLETED', connection: { id } },
    })
  })
})

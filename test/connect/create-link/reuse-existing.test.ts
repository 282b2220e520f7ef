import { describe, expect, test } from 'vitest'
import { asEndUser } from '../../graphql/as-end-user.ts'
import { answerTo } from '../../graphql/open.ts'
import { changes, type OpenGateway, openGateway } from '../gateway.ts'

const ada = { endUser: { id: 'ada' } }
const github = { ...ada, connector: 'github' }

/** Ada's connection, which works. */
async function withConnection(): Promise<{ gateway: OpenGateway; id: string }> {
  const gateway = await openGateway()
  await gateway.makeConnection('PIPEDREAM', 'github', { ...ada, tags: [{ key: 'plan', value: 'pro' }] })
  const [made] = (await gateway.list()).nodes
  await gateway.control('DELETE', 'requests')
  return { gateway, id: made?.id ?? '' }
}

describe('a second connection', () => {
  test('of the same account is made by default, and shows which one it repeats', async () => {
    const { gateway, id } = await withConnection()
    await gateway.makeConnection('PIPEDREAM', 'github', ada)
    gateway.clock.advance(1)
    await gateway.makeConnection('PIPEDREAM', 'slack', ada)
    await gateway.list()

    const list =
      '{ connections { nodes { connectorKey duplicateOf { id } externalAccount { id name email } } } }'
    const { data } = await answerTo(gateway, list)
    const account = (address: string) => ({ id: address, name: address, email: address })
    expect(data?.connections).toEqual({
      nodes: [
        { connectorKey: 'slack', duplicateOf: null, externalAccount: account('slack-user@example.com') },
        { connectorKey: 'github', duplicateOf: { id }, externalAccount: account('github-user@example.com') },
        { connectorKey: 'github', duplicateOf: null, externalAccount: account('github-user@example.com') },
      ],
    })
  })

  test('is not made with REUSE: the link is done at once, with the first one, and nothing is sent', async () => {
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
    expect((await answerTo(gateway, query, { id: link.id })).data?.connectLink).toEqual({
      purpose: 'CONNECT',
      history: [{ to: 'COMPLETED', source: 'API_CALL', reason: 'REUSED' }],
      connection: { id, tags: [{ value: 'pro' }] },
    })
    // As often as anybody asks: only the link that made the connection claims it.
    expect(
      await gateway.createLink('PIPEDREAM', 'github', { ...github, duplicatePolicy: 'REUSE' }),
    ).toMatchObject({ connection: { id } })
  })

  test('is refused with REJECT, and nothing is sent', async () => {
    const { gateway } = await withConnection()
    const refused = await gateway.create('PIPEDREAM', { ...github, duplicatePolicy: 'REJECT' })
    expect(refused).toMatchObject({ __typename: 'ConflictError', code: 'INVALID_STATE' })
    expect(await changes(gateway)).toEqual([])
  })

  test.each(['REUSE', 'REJECT'] as const)(
    'is made with %s where there is none that works, or only that of somebody else',
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

  test('in a session is told by what is its own alone', async () => {
    const { gateway } = await withConnection()
    const query = `mutation ($input: CreateConnectLinkInput!) { createConnectLink(provider: PIPEDREAM, input: $input) {
      ... on CreateConnectLinkPayload { connectLink { status } } ... on Error { code message } } }`
    const as = async (id: string) =>
      (await asEndUser(gateway, id)).ask(query, { input: { ...github, duplicatePolicy: 'REJECT' } })
    expect((await as('bob')).data?.createConnectLink).toEqual({ connectLink: { status: 'CREATED' } })
    expect((await as('ada')).data?.createConnectLink).toMatchObject({ code: 'INVALID_STATE' })
  })
})

describe('with an idempotency key', () => {
  test('the link that was made is answered again, although its connection is there by then', async () => {
    const gateway = await openGateway()
    const input = { ...github, duplicatePolicy: 'REJECT', idempotencyKey: 'key' } as const
    const first = await gateway.makeConnection('PIPEDREAM', 'github', input)
    expect((await gateway.list()).nodes).toHaveLength(1)

    const again = await gateway.create('PIPEDREAM', input)

    expect(again).toMatchObject({ replayed: true, connectLink: { id: first.id } })
  })

  test('a reused connection is answered by the same link again', async () => {
    const { gateway, id } = await withConnection()
    const input = { ...github, duplicatePolicy: 'REUSE', idempotencyKey: 'key' } as const
    const first = await gateway.createLink('PIPEDREAM', 'github', input)
    const again = await gateway.create('PIPEDREAM', input)
    expect(again).toMatchObject({
      replayed: true,
      connectLink: { id: first.id, status: 'COMPLETED', connection: { id } },
    })
  })
})

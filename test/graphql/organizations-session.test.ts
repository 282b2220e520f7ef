import { beforeAll, describe, expect, test } from 'vitest'
import { rowId } from '../connect/observe.ts'
import type { OrganizationAccess } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { postQuery } from './open.ts'
import { eventData, openStream } from './subscribe.ts'
import { endUserInput, type PersonName, sessionOf, startTwoOrganizationGateway } from './two-organizations.ts'

beforeAll(() => testDatabase())

describe('createSession', () => {
  const document = `mutation ($input: CreateSessionInput!) { createSession(input: $input) {
    __typename ... on InvalidInputError { issues { path } } } }`

  test.each([
    [
      'another organization than that of the end user',
      { endUser: endUserInput('adaOfAcme'), organization: { id: 'globex' } },
      ['organization', 'id'],
    ],
    [
      'access without an organization',
      { endUser: { id: 'ada' }, organizationAccess: 'READ' },
      ['organizationAccess'],
    ],
    [
      'an organization ID with an invisible character',
      { endUser: { id: 'ada' }, organization: { id: 'ac\u200bme' } },
      ['organization', 'id'],
    ],
    [
      'an organization ID of 251 characters',
      { endUser: { id: 'ada', organization: { id: 'a'.repeat(251) } } },
      ['endUser', 'organization', 'id'],
    ],
  ])('rejects %s', async (_, input, path) => {
    const gateway = await startTestGateway()
    expect((await postQuery(gateway, document, { input })).data?.createSession).toEqual({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', ...path] }],
    })
  })

  test('takes the organization from either field, and the viewer shows it', async () => {
    const gateway = await startTestGateway()
    const query = '{ viewer { organizationAccess endUser { id organization { id name } } } }'
    const ada = await sessionOf(gateway, 'adaOfAcme', 'READ')
    expect((await ada.query(query)).data?.viewer).toEqual({
      organizationAccess: 'READ',
      endUser: { id: 'ada', organization: { id: 'acme', name: 'acme Inc.' } },
    })
    const plain = await sessionOf(gateway, 'ada')
    expect((await plain.query(query)).data?.viewer).toEqual({
      organizationAccess: null,
      endUser: { id: 'ada', organization: null },
    })
  })
})

describe('connectionUpdated', () => {
  const query = `subscription ($endUserId: String) {
    connectionUpdated(endUserId: $endUserId) { id name endUser { id name } } }`

  test('sends changes of connections that the organization owns to sessions with access, without the person', async () => {
    const { gateway, connections, shared } = await startTwoOrganizationGateway()
    const open = async (name: PersonName, access?: OrganizationAccess, endUserId?: string) => {
      const { headers } = await sessionOf(gateway, name, access)
      const stream = await openStream(gateway, { query, variables: { endUserId }, headers })
      await stream.until(/^:/)
      return stream
    }
    const reader = await open('bobOfAcme', 'READ')
    const filtered = await open('bobOfAcme', 'READ', 'ada')
    const without = await open('bobOfAcme')
    const foreign = await open('adaOfGlobex', 'MANAGE')
    // Bob's streams show the last change, after all others.
    for (const id of [shared.acme, connections.adaOfAcme, connections.adaOfGlobex, connections.bobOfAcme]) {
      const { db, now } = gateway.connect
      await db.updateTable('connections').set({ updatedAt: now() }).where('id', '=', rowId(id)).execute()
    }
    const idsIn = async (stream: typeof reader, last: string) => {
      const text = await stream.until(new RegExp(`${last}.*\\n`))
      const events = eventData(text).map((event) => JSON.stringify(event))
      return {
        text,
        ids: Object.values({ ...shared, ...connections }).filter((id) => events.join().includes(id)),
      }
    }
    const seen = await idsIn(reader, connections.bobOfAcme)
    expect(seen.ids.toSorted()).toEqual([shared.acme, connections.bobOfAcme].toSorted())
    expect(seen.text).not.toMatch(/ada/i)
    expect((await idsIn(without, connections.bobOfAcme)).ids).toEqual([connections.bobOfAcme])
    const ofAda = await idsIn(foreign, connections.adaOfGlobex)
    expect(ofAda.ids).toContain(connections.adaOfGlobex)
    expect(ofAda.ids).not.toContain(shared.acme)
    expect(ofAda.ids).not.toContain(connections.adaOfAcme)
    expect(eventData(filtered.received())).toEqual([])
  })
})

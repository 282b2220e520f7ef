import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { asViewer, ownerConditions, type RowAccess } from '../../src/store/row-access.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { onPostgres, testDatabase } from '../helpers/database.ts'
import { ada, addHandOver, addLink, origin, remote } from './rows.ts'

beforeAll(() => testDatabase())

const tags = [{ key: 'plan', value: 'pro' }]
const owners = [
  { name: 'ada', organization: null, ownedBy: 'PERSON' },
  { name: 'ada', organization: 'acme', ownedBy: 'PERSON' },
  { name: 'ada', organization: 'globex', ownedBy: 'PERSON' },
  { name: 'bob', organization: 'acme', ownedBy: 'PERSON' },
  { name: 'bob', organization: 'acme', ownedBy: 'ORGANIZATION' },
  { name: 'bob', organization: 'globex', ownedBy: 'ORGANIZATION' },
] as const
const labelOf = ({ name, organization, ownedBy }: (typeof owners)[number]) =>
  `${name} ${organization ?? '-'} ${ownedBy}`

/** Stores a link and a connection for each of the owners, and a connection without an owner. */
async function storeRows(): Promise<Database> {
  const db = await testDatabase()
  await upsertConnections(db, origin(), [remote({ remoteId: 'unowned' })])
  for (const owner of owners) {
    const organization = owner.organization === null ? null : { id: owner.organization, name: null }
    const endUser = { ...ada, id: owner.name, organization }
    await upsertConnections(db, origin(), [remote({ remoteId: labelOf(owner) })], {
      endUser,
      ownedBy: owner.ownedBy,
      evidence: 'LINK',
      tags,
      visible: true,
    })
    const { id } = await addLink(db, {
      endUserId: owner.name,
      organizationId: owner.organization,
      owner: owner.ownedBy,
      connectorKey: labelOf(owner),
      tags,
    })
    await addHandOver(db, id)
  }
  return db
}

/** What a statement without any condition returns of every table that sessions read. */
async function readEverything(db: Database) {
  const count = async (table: string) => {
    const { rows } = await sql<{
      count: number
    }>`select count(*)::int as count from ${sql.table(table)}`.execute(db)
    return rows[0]?.count
  }
  const links = await sql<{
    name: string
  }>`select connector_key as name from connect_links order by 1`.execute(db)
  const connections = await sql<{
    name: string
  }>`select remote_id as name from connections order by 1`.execute(db)
  return {
    links: links.rows.map(({ name }) => name),
    connections: connections.rows.map(({ name }) => name),
    linkTags: await count('connect_link_tags'),
    connectionTags: await count('connection_tags'),
    transitions: await count('link_transitions'),
    handOvers: await count('link_hand_overs'),
  }
}

const accesses: readonly (readonly [string, RowAccess, readonly string[], readonly string[]])[] = [
  [
    'an end user without an organization',
    { endUserId: 'ada', organizationId: null, sharedOrganizationId: null },
    ['ada - PERSON'],
    [],
  ],
  [
    'an end user in an organization',
    { endUserId: 'ada', organizationId: 'acme', sharedOrganizationId: null },
    ['ada acme PERSON'],
    [],
  ],
  [
    'an end user with access to the organization',
    { endUserId: 'ada', organizationId: 'acme', sharedOrganizationId: 'acme' },
    ['ada acme PERSON'],
    ['bob acme ORGANIZATION'],
  ],
  ['an unknown end user', { endUserId: 'eve', organizationId: null, sharedOrganizationId: null }, [], []],
]

for (const [name, access, own, shared] of accesses) {
  onPostgres(`without any condition, ${name} reads only accessible rows`, async () => {
    const db = await storeRows()
    expect(await asViewer(db, access, readEverything)).toEqual({
      links: own,
      connections: [...own, ...shared].toSorted(),
      linkTags: own.length,
      connectionTags: own.length + shared.length,
      transitions: own.length,
      handOvers: own.length,
    })
    // Control: the same statements, after that transaction and in another one without a caller.
    const all = {
      links: owners.map(labelOf).toSorted(),
      transitions: owners.length,
      handOvers: owners.length,
      linkTags: owners.length,
    }
    expect(await readEverything(db)).toMatchObject(all)
    expect(await db.transaction().execute(readEverything)).toMatchObject(all)
  })
}

onPostgres('the tests have no superuser, whom policies do not restrict', async () => {
  const { rows } = await sql`select rolsuper from pg_roles where rolname = current_user`.execute(
    await testDatabase(),
  )
  expect(rows).toEqual([{ rolsuper: false }])
})

describe('asViewer', () => {
  const access = { endUserId: 'ada', organizationId: null, sharedOrganizationId: null }

  test('rejects writes, and returns what is read without a caller unchanged', async () => {
    const db = await storeRows()
    const write = asViewer(db, access, (reader) => reader.deleteFrom('connectLinks').execute())
    await expect(write).rejects.toThrow()
    expect(await readEverything(db)).toMatchObject({ transitions: owners.length })
    expect(await asViewer(db, null, readEverything)).toEqual(await readEverything(db))
  })

  test('runs concurrent reads, each with its own caller', async () => {
    const db = await storeRows()
    const callers = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? 'ada' : 'bob'))
    const settings = await Promise.all(
      callers.map((endUserId) =>
        asViewer(db, { ...access, endUserId }, async (reader) => {
          const { rows } = await sql<{ id: string }>`
            select current_setting('gateway.viewer')::jsonb ->> 'endUserId' as id`.execute(reader)
          return rows[0]?.id
        }),
      ),
    )
    expect(settings).toEqual(callers)
  })
})

test('ownerConditions combines a filter with the conditions of a caller, and drops contradictions', () => {
  const own = { endUserId: 'ada', organizationId: 'acme', owner: 'PERSON' } as const
  const shared = { organizationId: 'acme', owner: 'ORGANIZATION' } as const
  const within = [own, shared]
  expect(ownerConditions({})).toEqual([{}])
  expect(ownerConditions({ endUserId: 'bob', organizationId: null })).toEqual([{ endUserId: 'bob' }])
  expect(ownerConditions({ within })).toEqual(within)
  expect(ownerConditions({ organizationId: 'globex', within })).toEqual([])
  expect(ownerConditions({ endUserId: 'bob', within })).toEqual([{ ...shared, endUserId: 'bob' }])
  const withoutOrganization = [{ endUserId: 'ada', organizationId: null }]
  expect(ownerConditions({ organizationId: 'acme', within: withoutOrganization })).toEqual([])
})

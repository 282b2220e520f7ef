import { sql } from 'kysely'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findConnections } from '../../src/store/connection-list.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { DatabaseUnavailableError } from '../../src/store/database-error.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { asViewer } from '../../src/store/row-access.ts'
import { defineStatement, type Placeholders } from '../../src/store/statement.ts'
import { statementName } from '../../src/store/statement-names.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'
import { freshPostgres, onPostgres, testDatabase } from '../helpers/database.ts'
import { accountKey, addLink, origin, ownedByAda, remote, saveOne } from './rows.ts'

beforeAll(() => testDatabase())

interface Example {
  readonly text?: string | undefined
  readonly list: readonly { readonly number: number; readonly day?: Date }[]
  readonly names: readonly string[]
}

/** A statement that returns its values, and how often it was built. */
function defineEcho() {
  const builds: string[] = []
  const echo = defineStatement((_db, { text, list, names }: Placeholders<Example>, variant: string) => {
    builds.push(variant)
    const numbers = list.map(
      ({ number, day }) => sql`${number}::int + coalesce(extract(day from ${day ?? null}::date), 0)`,
    )
    return sql<object>`select ${text ?? 'none'}::text as "theText", (${sql.join(numbers, sql` + `)})::int as sum,
      ${names}::text[] as names, ${sql.lit(variant)} as variant`
  })
  return { echo, builds }
}

describe('defineStatement', () => {
  test('passes the values of each call, and returns the rows as they are', async () => {
    const db = await testDatabase({ keep: true })
    const { echo } = defineEcho()
    expect(await echo(db, { text: 'a', list: [{ number: 1 }, { number: 2 }], names: [] }, 'x')).toEqual([
      { theText: 'a', sum: 3, names: [], variant: 'x' },
    ])
    expect(
      await echo(db, { text: "b'$1", list: [{ number: 5 }, { number: 7 }], names: ['n', 'm'] }, 'x'),
    ).toEqual([{ theText: "b'$1", sum: 12, names: ['n', 'm'], variant: 'x' }])
  })

  test('builds one text for each set of keys and each variant', async () => {
    const db = await testDatabase({ keep: true })
    const { echo, builds } = defineEcho()
    const day = new Date('2026-11-30T12:00:00.000Z')
    const calls: readonly (readonly [Example, string])[] = [
      [{ list: [{ number: 1 }], names: ['a'] }, 'x'],
      [{ list: [{ number: 2 }], names: [], text: undefined }, 'x'],
      [{ list: [{ number: 1 }], names: [] }, 'y'],
      [{ list: [{ number: 1 }], names: [], text: 'text' }, 'y'],
      [{ list: [{ number: 1, day }], names: [], text: 'text' }, 'y'],
      [{ list: [{ number: 1 }, { number: 1 }], names: [], text: 'text' }, 'y'],
    ]
    const rows = []
    for (const [args, variant] of calls) rows.push(...(await echo(db, args, variant)))
    expect(rows).toMatchObject([
      { sum: 1, theText: 'none' },
      { sum: 2, theText: 'none' },
      { sum: 1, theText: 'none' },
      { sum: 1, theText: 'text' },
      { sum: 31, theText: 'text' },
      { sum: 2, theText: 'text' },
    ])
    expect(builds).toEqual(['x', 'y', 'y', 'y', 'y'])
  })

  test('keeps the keys inside JSON values', async () => {
    const db = await testDatabase()
    const tags = [{ key: 'snake_case', value: 'camelCase' }]
    const [saved] = await upsertConnections(db, origin(), [remote()], { ...ownedByAda, tags })
    expect(await findConnections(db, [accountKey], [saved?.id ?? ''])).toMatchObject([{ tags, accountKey }])
  })
})

/** A database of its own, with one connection to it in use at a time. */
async function openOwn(server: string): Promise<Database> {
  const name = `gateway_statement_${process.env.VITEST_POOL_ID ?? '0'}`
  const { db, close } = await openDatabase({ url: await freshPostgres(server, name) })
  onTestFinished(close)
  await migrateToLatest(db)
  return db
}

const preparedTexts = async (db: Database) => {
  const { rows } = await sql<{ name: string; statement: string }>`
    select name, statement from pg_prepared_statements`.execute(db)
  return rows
}

onPostgres('a statement is prepared once in a connection', async (server) => {
  const db = await openOwn(server)
  const { id } = await saveOne(db)
  for (let run = 0; run < 3; run += 1) expect(await findConnections(db, [accountKey], [id])).toHaveLength(1)
  const prepared = await preparedTexts(db)
  expect(prepared.map(({ name, statement }) => statementName(statement) === name)).toEqual(
    prepared.map(() => true),
  )
  expect(prepared.filter(({ statement }) => statement.includes('sync_state'))).toHaveLength(1)
})

onPostgres(
  'a change of a table by another process fails no read outside of a transaction',
  async (server) => {
    const db = await openOwn(server)
    const { id } = await saveOne(db)
    const read = (reader: Database) => findConnections(reader, [accountKey], [id])
    const before = await read(db)
    await sql`alter table connections add column later text default 'new'`.execute(db)
    expect(await read(db)).toEqual(before)
    await sql`alter table connections alter column external_account_email type varchar(500)`.execute(db)
    expect(await read(db)).toEqual(before)
    expect(await read(db)).toEqual(before)
  },
)

onPostgres(
  'within a transaction, such a change makes one read fail as one that can be repeated',
  async (server) => {
    const db = await openOwn(server)
    const { id } = await saveOne(db, {})
    const access = { endUserId: 'user-1', organizationId: null, sharedOrganizationId: null }
    const read = () => asViewer(db, access, (reader) => findConnections(reader, [accountKey], [id]))
    expect(await read()).toEqual([])
    await sql`alter table connections alter column external_account_email type varchar(500)`.execute(db)
    await expect(read()).rejects.toBeInstanceOf(DatabaseUnavailableError)
    expect(await read()).toEqual([])
  },
)

onPostgres(
  'a prepared statement returns only what its caller may read, for callers in turn',
  async (server) => {
    const db = await openOwn(server)
    for (const endUserId of ['ada', 'bob']) {
      await addLink(db, { endUserId })
      const endUser = { ...ownedByAda.endUser, id: endUserId }
      await upsertConnections(db, origin(), [remote({ remoteId: endUserId })], { ...ownedByAda, endUser })
    }
    const { rows } = await sql<{ id: string }>`select id from connections`.execute(db)
    const ids = rows.map(({ id }) => id)
    for (const endUserId of ['ada', 'bob', 'ada', 'eve', 'bob', 'ada', 'bob', 'ada', 'bob']) {
      const access = { endUserId, organizationId: null, sharedOrganizationId: null }
      const found = await asViewer(db, access, (reader) => findConnections(reader, [accountKey], ids))
      expect(found.map((row) => row.endUserId)).toEqual(endUserId === 'eve' ? [] : [endUserId])
      expect(await findConnections(db, [accountKey], ids)).toHaveLength(2)
    }
  },
)

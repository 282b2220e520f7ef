import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  countApiKeys,
  findApiKeyByHash,
  findApiKeys,
  insertApiKey,
  listApiKeys,
  recordApiKeyUse,
  revokeApiKey,
  rotateApiKey,
} from '../../src/store/api-keys.ts'
import type { Database } from '../../src/store/database.ts'
import { testDatabase } from '../helpers/database.ts'
import { later, startedAt } from './rows.ts'

const insert = (
  db: Database,
  hash: string,
  { createdAt = startedAt, expiresAt = null as Date | null } = {},
) =>
  insertApiKey(db, {
    id: randomUUID(),
    name: 'Backend',
    hash,
    scopes: JSON.stringify(['links:read']),
    createdAt,
    createdBy: 'CLI',
    expiresAt,
  })

test('a key is found by its hash and by its ID', async () => {
  const db = await testDatabase()
  const key = await insert(db, 'one')
  await insert(db, 'two')
  expect(key).toMatchObject({ scopes: ['links:read'], lastUsedAt: null, revokedAt: null, previousHash: null })
  expect(await findApiKeyByHash(db, 'one')).toEqual(key)
  expect(await findApiKeyByHash(db, 'three')).toBeUndefined()
  expect(await findApiKeys(db, [key.id, 'junk', randomUUID()])).toEqual([key])
  await expect(insert(db, 'one')).rejects.toThrow(/unique/)
})

test('a rotated key is found by both hashes, and after a second rotation no longer by the first', async () => {
  const db = await testDatabase()
  const { id } = await insert(db, 'one')
  const rotate = (hash: string) => rotateApiKey(db, id, { hash, previousExpiresAt: later(60), at: startedAt })
  const rotated = await rotate('two')
  expect(rotated).toMatchObject({ id, hash: 'two', previousHash: 'one', previousExpiresAt: later(60) })
  for (const hash of ['one', 'two']) expect(await findApiKeyByHash(db, hash)).toEqual(rotated)
  await rotate('three')
  expect(await findApiKeyByHash(db, 'one')).toBeUndefined()
  expect(await findApiKeyByHash(db, 'two')).toMatchObject({ id, hash: 'three' })
})

test('an expired or revoked key is not rotated', async () => {
  const db = await testDatabase()
  const rotation = { hash: 'new', previousExpiresAt: later(60), at: later(10) }
  const expired = await insert(db, 'one', { expiresAt: later(10) })
  const revoked = await insert(db, 'two')
  await revokeApiKey(db, revoked.id, startedAt)
  for (const { id } of [expired, revoked]) expect(await rotateApiKey(db, id, rotation)).toBeUndefined()
  const valid = await insert(db, 'three', { expiresAt: later(11) })
  expect(await rotateApiKey(db, valid.id, rotation)).toMatchObject({ expiresAt: later(11) })
})

test('a revoked key keeps the time of its first revocation', async () => {
  const db = await testDatabase()
  const { id } = await insert(db, 'one')
  expect(await revokeApiKey(db, id, later(1))).toMatchObject({ revokedAt: later(1) })
  expect(await revokeApiKey(db, id, later(2))).toMatchObject({ revokedAt: later(1) })
  for (const unknown of ['junk', randomUUID()])
    expect(await revokeApiKey(db, unknown, later(1))).toBeUndefined()
})

test('a use is recorded unless a later one is', async () => {
  const db = await testDatabase()
  const { id } = await insert(db, 'one')
  const lastUsedAfter = async (seconds: number) => {
    await recordApiKeyUse(db, id, { at: later(seconds), before: later(seconds - 60) })
    return (await findApiKeyByHash(db, 'one'))?.lastUsedAt
  }
  expect(await lastUsedAfter(0)).toEqual(later(0))
  expect(await lastUsedAfter(59)).toEqual(later(0))
  expect(await lastUsedAfter(60)).toEqual(later(60))
})

test('pages are newest first and contain each key once, also keys of the same time', async () => {
  const db = await testDatabase()
  const keys = []
  for (let index = 0; index < 7; index += 1)
    keys.push(await insert(db, `hash ${index}`, { createdAt: later(Math.floor(index / 2)) }))
  const listed = []
  let page = await listApiKeys(db, { first: 3, after: null })
  listed.push(...page.rows)
  while (page.hasNextPage) {
    page = await listApiKeys(db, { first: 3, after: listed.at(-1) ?? null })
    listed.push(...page.rows)
  }
  const newestFirst = keys.toSorted(
    (one, other) => other.createdAt.getTime() - one.createdAt.getTime() || (one.id < other.id ? 1 : -1),
  )
  expect(listed).toEqual(newestFirst)
  expect(await countApiKeys(db)).toBe(7)
})

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createApiKeyCache } from '../../../src/connect/api-keys/key-cache.ts'
import { insertApiKey, revokeApiKey } from '../../../src/store/api-keys.ts'
import type { Database } from '../../../src/store/database.ts'
import { countStatements } from '../../graphql/count-statements.ts'
import { testDatabase } from '../../helpers/database.ts'

// Only the clock of the cache stands still; the database needs its timers.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const at = new Date('2026-11-22T08:00:00.000Z')

async function storedKey(db: Database, hash: string) {
  const key = { hash, name: 'Backend', scopes: '[]', createdAt: at, createdBy: 'CLI', expiresAt: null }
  return insertApiKey(db, { id: randomUUID(), ...key })
}

test('a key is read once a second at most, also by concurrent requests', async () => {
  const db = await testDatabase()
  const { id } = await storedKey(db, 'hash')
  const cache = createApiKeyCache(db)
  const statementsOf = countStatements()
  const find = async () => (await cache.find('hash'))?.row.id
  expect(await statementsOf(() => Promise.all(Array.from({ length: 20 }, find)))).toBe(1)
  vi.advanceTimersByTime(999)
  expect(await statementsOf(find)).toBe(0)
  vi.advanceTimersByTime(1)
  expect(await statementsOf(find)).toBe(1)
  expect(await find()).toBe(id)
})

test('the age of an entry counts from the start of its read', async () => {
  const db = await testDatabase()
  const { id } = await storedKey(db, 'hash')
  const cache = createApiKeyCache(db)
  const slow = cache.find('hash')
  vi.advanceTimersByTime(1_000)
  await revokeApiKey(db, id, at)
  expect((await cache.find('hash'))?.row.revokedAt).toEqual(at)
  await slow
})

test('unknown keys are not cached', async () => {
  const db = await testDatabase()
  const cache = createApiKeyCache(db)
  expect(await cache.find('hash')).toBeNull()
  await storedKey(db, 'hash')
  expect(await cache.find('hash')).toMatchObject({ row: { hash: 'hash' } })
})

test('clear forgets all entries', async () => {
  const db = await testDatabase()
  const { id } = await storedKey(db, 'hash')
  const cache = createApiKeyCache(db)
  expect((await cache.find('hash'))?.row.revokedAt).toBeNull()
  await revokeApiKey(db, id, at)
  expect((await cache.find('hash'))?.row.revokedAt).toBeNull()
  cache.clear()
  expect((await cache.find('hash'))?.row.revokedAt).toEqual(at)
})

test('an entry is not used after a second if the database cannot be read; then it is read again', async () => {
  const db = await testDatabase()
  await storedKey(db, 'hash')
  let isBroken = false
  const broken = new Proxy(db, {
    get(target, name) {
      if (isBroken) throw new Error('the database cannot be read')
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const cache = createApiKeyCache(broken)
  expect(await cache.find('hash')).not.toBeNull()
  isBroken = true
  vi.advanceTimersByTime(999)
  expect(await cache.find('hash')).not.toBeNull()
  vi.advanceTimersByTime(1)
  await expect(cache.find('hash')).rejects.toThrow('the database cannot be read')
  isBroken = false
  expect(await cache.find('hash')).not.toBeNull()
})

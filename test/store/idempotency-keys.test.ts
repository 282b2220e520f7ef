import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import {
  deleteKeysOfEndUser,
  endUserOperation,
  findKey,
  idempotentOperations,
  reserveKey,
} from '../../src/store/idempotency-keys.ts'
import { testDatabase } from '../helpers/database.ts'
import { later, startedAt } from './rows.ts'

beforeAll(() => testDatabase())

test.each(idempotentOperations)(
  'the keys of %s of an end user are deleted with the end user',
  async (operation) => {
    const db = await testDatabase()
    const acme = { id: 'acme', name: null }
    const other = endUserOperation(operation, { id: 'user-2', organization: acme })
    const names = [
      endUserOperation(operation, { id: 'user-1', organization: null }),
      endUserOperation(operation, { id: 'user-1', organization: acme }),
      other,
    ].map((name) => ({ operation: name, key: 'k' }))
    for (const name of names) {
      await reserveKey(db, {
        ...name,
        fingerprint: 'f',
        linkId: randomUUID(),
        instanceId: 'i',
        now: startedAt,
        lockedUntil: later(15),
        expiresAt: later(60),
      })
    }

    await deleteKeysOfEndUser(db, 'user-1', [])

    const found = await Promise.all(names.map((name) => findKey(db, name)))
    expect(found.map((row) => row?.operation)).toEqual([undefined, undefined, other])
  },
)

import { beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

test('of links of one end user in two organizations, the one that returned gets the connection', async () => {
  const { db, clock, now, script, connectorSyncs, createLink, open, returnFromProvider, refreshLink } =
    await openConnect()
  await connectorSyncs.ensureFresh(1_000)
  const acme = await createLink('user-1')
  await db.updateTable('connectLinks').set({ organizationId: 'acme' }).where('id', '=', acme).execute()
  clock.advance(1)
  const personal = await createLink('user-1')
  await open(personal)
  await returnFromProvider(personal)
  clock.advance(60)
  await open(acme)
  const made = connection('c1', { endUserId: 'user-1', createdAt: now() })
  await returnFromProvider(acme)
  script.check = async () => ({ kind: 'candidates', connections: [made] })

  expect(await refreshLink(personal)).toMatchObject({ status: 'AUTHORIZING', connectionId: null })
  expect(await refreshLink(acme)).toMatchObject({ status: 'COMPLETED' })
  const row = await db.selectFrom('connections').select(['endUserId', 'organizationId']).executeTakeFirst()
  expect(row).toEqual({ endUserId: 'user-1', organizationId: 'acme' })
})

import { beforeAll, expect, test } from 'vitest'
import { cancelAttempt } from '../../../src/connect/links/cancel.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'

beforeAll(() => testDatabase())

test('a failure that a poll finds again after a cancelled attempt is not another one', async () => {
  const { context, script, createLink, refreshLink, open, history, clock } = await openConnect()
  const id = await createLink('user-1')
  script.check = async () => ({ kind: 'open', failedAttempt: { code: 'SETUP_TEST_FAILED', message: 'no' } })
  await refreshLink(id)
  await open(id)
  expect(await cancelAttempt(context, id, 'HOSTED_PAGE')).toBe(true)
  clock.advance(3600)
  await refreshLink(id)
  expect((await history(id)).map(({ failureCode }) => failureCode)).toEqual([
    'SETUP_TEST_FAILED',
    null,
    'CANCELLED',
  ])
})

test('a cancelled attempt of a link that was not opened does not count as an opening', async () => {
  const { context, createLink, refreshLink } = await openConnect()
  const id = await createLink('user-1')
  await cancelAttempt(context, id, 'API_CALL')
  expect(await refreshLink(id)).toMatchObject({ status: 'AUTHORIZING', openedAt: null })
})

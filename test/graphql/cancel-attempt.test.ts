import { expect, test } from 'vitest'
import { followReturnUrl, startTestGateway, submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { asApiKey } from './guarded.ts'
import { callById, entriesOf, handOver, readLink } from './handed-over.ts'
import { createConnection, createLinkOrThrow, waitForStatus } from './open.ts'
import { next, subscribeToLinks } from './subscribe.ts'

const ada = { endUser: { id: 'ada' } }
const cancelled = {
  connectLink: { status: 'AUTHORIZING', lastFailure: { code: 'CANCELLED', message: null } },
}

test('cancelling marks each attempt once; the link stays usable', async () => {
  const gateway = await startTestGateway()
  const session = await asEndUser(gateway, 'ada', { permissions: ['LINK', 'READ'] })
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  await submitLinkPage(link.url ?? '')
  const events = subscribeToLinks(gateway, link.id, session.headers)
  expect((await next(events)).status).toBe('OPENED')
  const results = await Promise.all([1, 2].map(() => callById(session, 'cancelConnectLinkAttempt', link.id)))
  expect(results).toMatchObject([cancelled, cancelled])
  expect((await next(events)).status).toBe('AUTHORIZING')
  await submitLinkPage(link.url ?? '')
  await callById(asApiKey(gateway), 'cancelConnectLinkAttempt', link.id)
  expect(await entriesOf(session, link.id)).toEqual([
    'OPENED by HOSTED_PAGE',
    'AUTHORIZING by API_CALL: CANCELLED',
    'AUTHORIZING by HOSTED_PAGE: REOPENED',
    'AUTHORIZING by API_CALL: CANCELLED',
  ])
  const { location } = await submitProviderPage(link.url ?? '', 'approve')
  await followReturnUrl(location)
  await waitForStatus(gateway, link.id, /COMPLETED/)
  expect(await callById(session, 'cancelConnectLinkAttempt', link.id)).toMatchObject({
    __typename: 'CancelConnectLinkAttemptPayload',
    connectLink: { status: 'COMPLETED' },
  })
})

test('an attempt that has failed already keeps its failure', async () => {
  const gateway = await startTestGateway()
  const session = await asEndUser(gateway, 'ada')
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  const { location } = await submitProviderPage(link.url ?? '', 'deny')
  await followReturnUrl(location)
  const { lastFailure } = await readLink(session, link.id)
  expect(lastFailure).not.toBeNull()
  expect(await callById(session, 'cancelConnectLinkAttempt', link.id)).toMatchObject({
    connectLink: { lastFailure },
  })
})

test('nothing is canceled of a link that a colleague has, or that needed no visit', async () => {
  const gateway = await startTestGateway()
  const session = await asEndUser(gateway, 'ada')
  const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM', ada)
  await handOver(session, id)
  await callById(session, 'cancelConnectLinkAttempt', id)
  expect((await readLink(session, id)).lastFailure).toBeNull()
  await createConnection(gateway, 'PIPEDREAM', ada)
  const reused = await createLinkOrThrow(gateway, 'PIPEDREAM', { ...ada, duplicatePolicy: 'REUSE' })
  expect(await callById(session, 'cancelConnectLinkAttempt', reused.id)).toMatchObject({
    connectLink: { status: 'COMPLETED', lastFailure: null },
  })
})

import { expect, test } from 'vitest'
import { eraseEndUser } from '../../src/connect/jobs/erase-end-user.ts'
import { decodeIdOf } from '../../src/graphql/ids.ts'
import { insertLink } from '../../src/store/connect-links.ts'
import { DisconnectConnectionDocument } from '../generated/graphql.ts'
import { followReturnUrl, startTestGateway, submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { runs } from './audit-runs.ts'
import { everyRow } from './every-row.ts'
import { createConnection, createLink, createLinkOrThrow, waitForStatus } from './open.ts'
import { changesOf, problemOfChain, readAudit } from './read-audit.ts'

test('opening, returning and completing a link are recorded with the visitor and the link', async () => {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'CENSUS')
  const { location } = await submitProviderPage(await submitLinkPage(link.url ?? ''), 'approve')
  await followReturnUrl(location)
  await waitForStatus(gateway, link.id, /COMPLETED/)

  expect(await changesOf(gateway, { endUserId: 'user-1' })).toEqual([
    'connectLink.opened by HOSTED_PAGE',
    'connectLink.returned by HOSTED_PAGE',
    'connectLink.completed by SYSTEM',
  ])
  const linkId = decodeIdOf('ConnectLink', link.id)
  const [completed] = await readAudit(gateway, { operation: 'connectLink.completed' })
  expect(completed?.targets.map(({ type }) => type)).toEqual(['ConnectLink', 'Connection'])
  for (const operation of ['connectLink.opened', 'connectLink.returned'])
    expect(await readAudit(gateway, { operation })).toMatchObject([
      {
        actor: { kind: 'HOSTED_PAGE', id: linkId },
        outcome: 'SUCCESS',
        targets: [{ type: 'ConnectLink', id: link.id }],
        address: '127.0.0.1',
        userAgent: 'node',
        requestId: null,
      },
    ])
  expect(await problemOfChain(gateway)).toBeNull()
})

test('calls and changes are recorded with the organization of the end user', async () => {
  const gateway = await startTestGateway()
  const endUser = { id: 'ada', organization: { id: 'acme' } }
  const connectionId = await createConnection(gateway, 'PIPEDREAM', { endUser })
  await gateway.send(DisconnectConnectionDocument, { id: connectionId })
  await createLink(gateway, 'PIPEDREAM', { endUser, connector: 'no-such-connector' })
  const events = await readAudit(gateway, { organizationId: 'acme' })
  const operations = events.map(({ operation, outcome }) => `${operation} ${outcome}`)
  expect(operations).toEqual(
    expect.arrayContaining([
      'createConnectLink FAILED',
      'disconnectConnection SUCCESS',
      'connection.disconnected SUCCESS',
      'connectLink.completed SUCCESS',
      'connectLink.opened SUCCESS',
      'createConnectLink SUCCESS',
    ]),
  )
  expect(events.map(({ organizationId }) => organizationId)).toEqual(events.map(() => 'acme'))
})

test('a denied attempt is recorded as FAILED with its code', async () => {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM')
  const { location } = await submitProviderPage(link.url ?? '', 'deny')
  await followReturnUrl(location)
  const [event] = await readAudit(gateway, { operation: 'connectLink.attemptFailed' })
  expect(event).toMatchObject({ outcome: 'FAILED', errorCode: expect.stringMatching(/^[A-Z_]+$/) })
})

test('a completion that a webhook reports is recorded with the provider', async () => {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM')
  await submitProviderPage(link.url ?? '', 'approve')
  await waitForStatus(gateway, link.id, /COMPLETED/)
  expect(await readAudit(gateway, { operation: 'connectLink.completed' })).toMatchObject([
    { actor: { kind: 'PROVIDER', id: 'PIPEDREAM', name: null }, address: null },
  ])
})

test('a connection that is held, and its confirmation, are recorded', async () => {
  const gateway = await startTestGateway()
  const { prepare, run } = runs.confirmConnectLink ?? {}
  const id = (await prepare?.(gateway)) ?? ''
  await run?.(gateway, id)
  const [held = '', completed] = (await changesOf(gateway)).slice(-2)
  expect(held).toMatch(/^connectLink.held by /)
  expect(completed).toBe('connectLink.completed by API_KEY')
})

test('an expiry is recorded as SYSTEM', async () => {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'CENSUS', { expiresInSeconds: 60 })
  gateway.clock.advance(120)
  await waitForStatus(gateway, link.id, /EXPIRED/)
  expect(await changesOf(gateway)).toEqual(['connectLink.expired by SYSTEM'])
})

test('a disconnected connection and the links that it revokes are recorded with the caller', async () => {
  const gateway = await startTestGateway()
  const id = await createConnection(gateway, 'PIPEDREAM')
  const user = await asEndUser(gateway, 'user-1')
  await user.query('mutation ($id: ID!) { reconnectConnection(id: $id) { __typename } }', { id })
  await gateway.send(DisconnectConnectionDocument, { id })
  expect((await changesOf(gateway)).slice(-2)).toEqual([
    'connection.disconnected by API_KEY',
    'connectLink.revoked by API_KEY',
  ])
  const [disconnected] = await readAudit(gateway, { operation: 'connection.disconnected' })
  const [call] = await readAudit(gateway, { operation: 'disconnectConnection' })
  expect(disconnected).toMatchObject({ endUserId: 'user-1', targets: [{ type: 'Connection', id }] })
  expect(disconnected?.requestId).toBe(call?.requestId)
})

test('a change and its record are committed together, or neither', async () => {
  const gateway = await startTestGateway()
  const { db } = gateway.connect
  const link = await createLinkOrThrow(gateway, 'CENSUS')
  const id = decodeIdOf('ConnectLink', link.id) ?? ''
  const row = await db.selectFrom('connectLinks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const unique = { id: crypto.randomUUID(), tokenHash: null, returnTokenHash: null, webhookTokenHash: null }
  // Generated columns cannot be inserted.
  const stored = Object.entries({ ...row, ...unique }).filter(([column]) => !column.startsWith('by'))
  const copy = Object.fromEntries(stored) as typeof row
  const step = { toStatus: 'CREATED', at: row.createdAt, source: 'API_CALL', reason: null } as const
  const insert = (end: () => void) =>
    db.transaction().execute(async (transaction) => {
      await insertLink(transaction, copy, step)
      end()
    })
  await expect(
    insert(() => {
      throw new Error('rolled back')
    }),
  ).rejects.toThrow('rolled back')
  expect(await readAudit(gateway, { operation: 'connectLink.created' })).toEqual([])
  await insert(() => undefined)
  expect(await readAudit(gateway, { operation: 'connectLink.created' })).toHaveLength(1)
})

test('erasing an end user clears it from the log, is recorded itself, and the chain verifies', async () => {
  const gateway = await startTestGateway()
  await createConnection(gateway, 'PIPEDREAM', { endUser: { id: 'ada-lovelace' } })
  await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'ada-lovelace' } })
  await createLinkOrThrow(gateway, 'CENSUS', { endUser: { id: 'bob' } })
  expect(await everyRow()).toContain('ada-lovelace')

  await eraseEndUser(gateway.connect, 'ada-lovelace')

  expect(await everyRow()).not.toContain('ada-lovelace')
  expect(await readAudit(gateway, { operation: 'purge end-user' })).toMatchObject([
    { actor: { kind: 'COMMAND_LINE', id: 'purge' }, outcome: 'SUCCESS', endUserId: null },
  ])
  expect((await changesOf(gateway)).slice(-2)).toEqual([
    'connectLink.revoked by COMMAND_LINE',
    'connection.erased by COMMAND_LINE',
  ])
  expect(await readAudit(gateway, { endUserId: 'bob' })).toHaveLength(1)
  expect(await problemOfChain(gateway)).toBeNull()
})

import { expect, test } from 'vitest'
import { startTestGateway, submitLinkPage, submitProviderPage } from '../helpers/gateway.ts'
import { createLinkOrThrow, waitForStatus } from './open.ts'
import { createAccountOrThrow, credentials } from './provider-accounts.ts'
import { endUserInput, sessionOf } from './two-organizations.ts'

const count = '{ connections { totalCount } }'

/** A link of ada in acme, completed at Pipedream; neither a webhook nor a return has reached the gateway. */
async function startCompletedAtProvider() {
  const gateway = await startTestGateway()
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: endUserInput('adaOfAcme') })
  await gateway.connect.db.updateTable('connectLinks').set({ webhookTokenHash: null }).execute()
  await submitProviderPage(await submitLinkPage(link.url ?? ''), 'approve')
  gateway.clock.advance(6)
  return { gateway, link }
}

test('a sync gives a connection of a link in an organization to no session outside it', async () => {
  const { gateway, link } = await startCompletedAtProvider()
  for (const name of ['ada', 'adaOfGlobex', 'bobOfAcme'] as const) {
    const { query } = await sessionOf(gateway, name)
    expect((await query(count)).data).toEqual({ connections: { totalCount: 0 } })
  }
  await waitForStatus(gateway, link.id, /COMPLETED/)
  const own = await sessionOf(gateway, 'adaOfAcme')
  expect((await own.query(count)).data).toEqual({ connections: { totalCount: 1 } })
  const personal = await sessionOf(gateway, 'ada')
  expect((await personal.query(count)).data).toEqual({ connections: { totalCount: 0 } })
})

test('a sync of the account of the organization gives it to the end user of the organization', async () => {
  const gateway = await startTestGateway()
  await createAccountOrThrow(gateway, { provider: 'PIPEDREAM', settings: credentials.PIPEDREAM('acme') })
  const link = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: endUserInput('adaOfAcme') })
  await submitProviderPage(await submitLinkPage(link.url ?? ''), 'approve')
  gateway.clock.advance(6)
  const own = await sessionOf(gateway, 'adaOfAcme')
  expect((await own.query(count)).data).toEqual({ connections: { totalCount: 1 } })
})

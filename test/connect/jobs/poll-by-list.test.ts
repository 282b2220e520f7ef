import { describe, expect, test } from 'vitest'
import { submitLinkPage, submitProviderPage } from '../../helpers/gateway.ts'
import { type OpenGateway, openGateway } from '../gateway.ts'
import { clearRequests, linkRow, requests, rowId } from '../observe.ts'
import { copyLink } from './many-links.ts'

const accounts = '/pipedream/v1/connect/proj_sandbox/accounts?'

/** Runs rounds a second apart. */
async function pollFor(gateway: OpenGateway, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    gateway.clock.advance(1)
    await gateway.poll()
  }
}

const createLink = (gateway: OpenGateway, id: string) =>
  gateway.createLink('PIPEDREAM', 'github', { endUser: { id } })

/** The sandbox's requests since the last `clearRequests`: of a page of all accounts, and of an end user's accounts. */
async function reads(gateway: OpenGateway) {
  const paths = (await requests(gateway)).map(({ path }) => path).filter((path) => path.startsWith(accounts))
  const ofOne = paths.filter((path) => path.includes('external_user_id='))
  return { ofAll: paths.length - ofOne.length, ofOne }
}

/** The webhook of the link does not arrive. */
const loseWebhook = ({ connect }: OpenGateway, id: string) =>
  connect.db.updateTable('connectLinks').set({ webhookTokenHash: null }).where('id', '=', rowId(id)).execute()

/** The end user opens the link and connects, and neither a webhook nor the opening is seen. */
async function connectUnseen(gateway: OpenGateway, link: { readonly id: string; readonly url: string }) {
  await loseWebhook(gateway, link.id)
  await submitProviderPage(link.url, 'approve')
  const unseen = { status: 'CREATED', openedAt: null } as const
  await gateway.connect.db.updateTable('connectLinks').set(unseen).where('id', '=', rowId(link.id)).execute()
}

const uncheckedCopies = async ({ connect }: OpenGateway): Promise<number> => {
  const copies = connect.db.selectFrom('connectLinks').select('id').where('endUserId', 'like', 'copy-%')
  return (await copies.where('checkedAt', 'is', null).execute()).length
}

describe('1,000 open links of Pipedream', () => {
  test('are checked by one read of the list, and those that were just opened within 5 s', async () => {
    const gateway = await openGateway()
    const unseen = await createLink(gateway, 'unseen')
    await copyLink(gateway, unseen, 1_000)
    await connectUnseen(gateway, unseen)
    const opened = []
    while (opened.length < 20) opened.push(await createLink(gateway, `opened-${opened.length}`))
    for (const { url } of opened) await submitLinkPage(url)
    await clearRequests(gateway)
    await pollFor(gateway, 5)

    const first = await reads(gateway)
    for (const index of opened.keys())
      expect(first.ofOne.some((path) => path.includes(`external_user_id=opened-${index}&`))).toBe(true)
    // A minute's quota and five seconds of it, and the list.
    expect(first.ofOne.length).toBeLessThanOrEqual(108)
    expect(first.ofAll).toBeLessThan(10)
    expect(await uncheckedCopies(gateway)).toBe(0)
    // The list shows an account of this one's end user, so that it was read by itself.
    expect(await linkRow(gateway, unseen.id)).toMatchObject({ status: 'COMPLETED' })

    await clearRequests(gateway)
    await pollFor(gateway, 15)
    const { ofAll, ofOne } = await reads(gateway)
    expect(ofOne.filter((path) => path.includes('external_user_id=copy-'))).toEqual([])
    expect(ofAll + ofOne.length).toBeLessThanOrEqual(50)
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectLinkDocument, RevokeConnectLinkDocument } from '../../generated/graphql.ts'
import type { Client } from '../client.ts'
import type { KeyRecord, Load } from './load.ts'

const patienceMs = 180_000
/** By then a return would have completed the link. */
const attributionMs = 20_000

/**
 * Does what clients do after a failure: repeats each call that was not acknowledged, and each return of a browser. Revokes
 * the links that were not approved, and waits until all links have ended. Returns what did not succeed within 3 minutes.
 */
export async function settle(load: Load, client: Client): Promise<readonly string[]> {
  const endAt = Date.now() + patienceMs
  const unsettled: string[] = []

  async function untilTrue(what: string, attempt: () => Promise<boolean>): Promise<void> {
    while (!(await attempt())) {
      if (Date.now() > endAt) return void unsettled.push(what)
      await sleep(500)
    }
  }

  async function settleRecord(record: KeyRecord): Promise<void> {
    const { key, provider } = record
    const name = `${key} (${provider})`
    // Also if it was acknowledged: the key must give the same link.
    await untilTrue(`${name}: not created`, () => load.create(client, record))
    const [id = ''] = record.linkIds
    await untilTrue(`${name}: the return fails`, () => load.goBack(record))
    if (!record.isApproved)
      await untilTrue(`${name}: not revoked`, async () => {
        const { data } = await client.send(RevokeConnectLinkDocument, { id })
        return data?.revokeConnectLink.__typename === 'RevokeConnectLinkPayload'
      })
    const expected = record.isApproved ? 'COMPLETED' : 'REVOKED'
    const returnedAt = Date.now()
    await untilTrue(`${name}: not ${expected}`, async () => {
      const { data } = await client.send(ConnectLinkDocument, { id })
      const status = data?.connectLink?.status
      record.isUnattributed =
        provider === 'CENSUS' && status === 'AUTHORIZING' && Date.now() - returnedAt > attributionMs
      return record.isUnattributed || status === expected
    })
    if (record.disconnectingId !== null)
      await untilTrue(`${name}: not disconnected`, () => load.disconnect(client, record))
  }

  const queue = [...load.records]
  const workers = Array.from({ length: 8 }, async () => {
    for (let record = queue.shift(); record !== undefined; record = queue.shift()) await settleRecord(record)
  })
  await Promise.all(workers)
  return unsettled
}

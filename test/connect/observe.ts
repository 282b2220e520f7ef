import { expect, vi } from 'vitest'
import { z } from 'zod'
import { watchLink } from '../../src/connect/links/watch-links.ts'
import type { LinkStatus } from '../../src/domain/statuses.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { ConnectionRow, ConnectLinkRow } from '../../src/store/schema.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { viewer } from './open.ts'

/** The row id in a global id of the API. */
export const rowId = (globalId: string): string =>
  Buffer.from(globalId, 'base64').toString().split(':').at(-1) ?? ''

type GatewayContext = Pick<TestGateway, 'connect'>

/** Waits until the link has that status; throws if it ends in another one. */
export async function waitForStatus(
  { connect }: GatewayContext,
  globalId: string,
  status: LinkStatus,
): Promise<ConnectLinkRow> {
  const stop = new AbortController()
  const snapshots = watchLink(connect, viewer, { linkId: rowId(globalId), signal: stop.signal })
  try {
    for await (const link of snapshots) if (link.status === status) return link
  } finally {
    stop.abort()
  }
  throw new Error(`the link ended in another status than ${status}`)
}

/** Waits until no link is locked and no delivery is due: locks are released a moment after the status change. */
export const waitUntilIdle = (gateway: GatewayContext): Promise<void> =>
  vi.waitFor(async () => {
    const { links, deliveries } = await allRows(gateway)
    expect(links.filter(({ checkLockExpiresAt }) => checkLockExpiresAt !== null)).toEqual([])
    expect(deliveries.filter(({ nextAttemptAt }) => nextAttemptAt !== null)).toEqual([])
  }, 30_000)

export async function linkRow({ connect }: GatewayContext, globalId: string): Promise<ConnectLinkRow> {
  const links = connect.db.selectFrom('connectLinks').selectAll().where('id', '=', rowId(globalId))
  return links.executeTakeFirstOrThrow()
}

export const connectionRows = ({ connect }: GatewayContext): Promise<readonly ConnectionRow[]> =>
  connect.db.selectFrom('connections').selectAll().orderBy('createdAt').execute()

/** The history of a link, as "STATUS by SOURCE: reason (message of a failure)". */
export async function historyLines(
  { connect }: GatewayContext,
  globalId: string,
): Promise<readonly string[]> {
  const transitions = await connect.db
    .selectFrom('linkTransitions')
    .selectAll()
    .where('linkId', '=', rowId(globalId))
    .orderBy('number')
    .execute()
  return transitions.map(({ toStatus, source, reason, failureMessage }) =>
    [`${toStatus} by ${source}`, reason && `: ${reason}`, failureMessage && ` (${failureMessage})`].join(''),
  )
}

/** All rows that a webhook could change. */
export async function allRows({ connect: { db } }: GatewayContext) {
  return {
    links: await db.selectFrom('connectLinks').selectAll().orderBy('id').execute(),
    transitions: await db
      .selectFrom('linkTransitions')
      .selectAll()
      .orderBy('linkId')
      .orderBy('number')
      .execute(),
    connections: await db.selectFrom('connections').selectAll().orderBy('id').execute(),
    deliveries: await db.selectFrom('webhookDeliveries').selectAll().orderBy('id').execute(),
  }
}

const requestList = z.array(z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }))

/** The requests that the sandbox received from the gateway. */
export async function requests({ control }: Pick<TestGateway, 'control'>) {
  return requestList.parse(await (await control('GET', 'requests')).json())
}

/** How many GET requests the sandbox received below that path. */
export async function countReads(
  gateway: Pick<TestGateway, 'control'>,
  path: string | RegExp,
): Promise<number> {
  const matches = (text: string) => (typeof path === 'string' ? text.startsWith(path) : path.test(text))
  return (await requests(gateway)).filter((request) => request.method === 'GET' && matches(request.path))
    .length
}

/** Waits for the syncs of the startup and clears the requests that the sandbox has recorded. */
export async function clearRequests({ connect, control }: TestGateway): Promise<void> {
  await connect.connectorSyncs.ensureFresh(60_000)
  await connect.connectorSyncs.idle()
  await control('DELETE', 'requests')
}

/** An end user whose rows are not those of `user-1`, to which most test data belongs. */
export const otherEndUser: Viewer = {
  ...viewer,
  kind: 'END_USER',
  endUser: { id: 'user-2', name: null, email: null, organization: null },
}

/** The next `count` items, or fewer if the iteration ends. */
export async function take<Item>(items: AsyncGenerator<Item>, count: number): Promise<readonly Item[]> {
  const all: Item[] = []
  while (all.length < count) {
    const { done, value } = await items.next()
    if (done === true) break
    all.push(value)
  }
  return all
}

import { expect, vi } from 'vitest'
import { z } from 'zod'
import { watchLink } from '../../src/connect/links/watch-links.ts'
import type { LinkStatus } from '../../src/domain/statuses.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { ConnectionRow, ConnectLinkRow } from '../../src/store/schema.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { viewer } from './open.ts'

/** The store's id of a link or connection, out of the API's. */
export const rowId = (globalId: string): string =>
  Buffer.from(globalId, 'base64').toString().split(':').at(-1) ?? ''

type Watched = Pick<TestGateway, 'connect'>

/** Waits until the link is there, as a watcher of it would; fails when it ends elsewhere. */
export async function reached(
  { connect }: Watched,
  globalId: string,
  status: LinkStatus,
): Promise<ConnectLinkRow> {
  const stop = new AbortController()
  const watched = watchLink(connect, viewer, { linkId: rowId(globalId), signal: stop.signal })
  try {
    for await (const link of watched) if (link.status === status) return link
  } finally {
    stop.abort()
  }
  throw new Error(`the link has ended otherwise than as ${status}`)
}

/** Waits until nobody is busy with a link or a delivery: whoever has settled one lets go of it a moment later. */
export const atRest = (gateway: Watched): Promise<void> =>
  vi.waitFor(async () => {
    const { links, deliveries } = await everything(gateway)
    expect(links.filter(({ checkLockExpiresAt }) => checkLockExpiresAt !== null)).toEqual([])
    expect(deliveries.filter(({ nextAttemptAt }) => nextAttemptAt !== null)).toEqual([])
  }, 30_000)

export async function linkRow({ connect }: Watched, globalId: string): Promise<ConnectLinkRow> {
  const links = connect.db.selectFrom('connectLinks').selectAll().where('id', '=', rowId(globalId))
  return links.executeTakeFirstOrThrow()
}

export const connectionRows = ({ connect }: Watched): Promise<readonly ConnectionRow[]> =>
  connect.db.selectFrom('connections').selectAll().orderBy('createdAt').execute()

/** The steps of a link, as "STATUS by SOURCE: reason". */
export async function stepsOf({ connect }: Watched, globalId: string): Promise<readonly string[]> {
  const steps = await connect.db
    .selectFrom('linkTransitions')
    .selectAll()
    .where('linkId', '=', rowId(globalId))
    .orderBy('number')
    .execute()
  return steps.map(
    ({ toStatus, source, reason }) => `${toStatus} by ${source}${reason === null ? '' : `: ${reason}`}`,
  )
}

/** All that a webhook could change. */
export async function everything({ connect: { db } }: Watched) {
  return {
    links: await db.selectFrom('connectLinks').selectAll().orderBy('id').execute(),
    steps: await db.selectFrom('linkTransitions').selectAll().orderBy('linkId').orderBy('number').execute(),
    connections: await db.selectFrom('connections').selectAll().orderBy('id').execute(),
    deliveries: await db.selectFrom('webhookDeliveries').selectAll().orderBy('id').execute(),
  }
}

const seen = z.array(z.object({ method: z.string(), path: z.string(), body: z.unknown().optional() }))

/** What the sandbox was asked by the gateway. */
export async function requests({ control }: Pick<TestGateway, 'control'>) {
  return seen.parse(await (await control('GET', 'requests')).json())
}

/** How many reads the sandbox saw below that path. */
export async function readsOf(gateway: Pick<TestGateway, 'control'>, path: string | RegExp): Promise<number> {
  const isThere = (one: string) => (typeof path === 'string' ? one.startsWith(path) : path.test(one))
  return (await requests(gateway)).filter((one) => one.method === 'GET' && isThere(one.path)).length
}

/** From here on the sandbox counts anew, and what a start reads is over. */
export async function countAnew({ connect, control }: TestGateway): Promise<void> {
  await connect.connectorSyncs.ensureFresh(60_000)
  await connect.connectorSyncs.idle()
  await control('DELETE', 'requests')
}

/** An end user whom most things in a test do not belong to. */
export const somebodyElse: Viewer = {
  ...viewer,
  kind: 'END_USER',
  endUser: { id: 'user-2', name: null, email: null },
}

/** The next so many things that a watcher hears. */
export async function nextOf<Heard>(heard: AsyncGenerator<Heard>, count: number): Promise<readonly Heard[]> {
  const all: Heard[] = []
  while (all.length < count) {
    const { done, value } = await heard.next()
    if (done === true) break
    all.push(value)
  }
  return all
}

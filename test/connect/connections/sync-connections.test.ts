import { describe, expect, test } from 'vitest'
import { createCatalogue } from '../../../src/connect/catalogue/catalogue.ts'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import { ProviderError } from '../../../src/domain/errors.ts'
import type { RemoteConnection } from '../../../src/providers/adapter.ts'
import { call, type OpenConnect, openConnect } from '../open.ts'
import { connection, connector } from '../script.ts'

const down = () => new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'Fake could not be reached.')

/** A provider that pages by offset, two a page, over a list that may change between the pages. */
async function openList(...ids: readonly string[]) {
  const opened = await openConnect()
  const { clock, script, provider, db } = opened
  const list = ids.map((id) => connection(id))
  const between = { pages: async (_: number) => {} }
  script.connections = async function* () {
    for (let offset = 0; offset < list.length; offset += 2) {
      if (offset > 0) await between.pages(offset)
      yield list.slice(offset, offset + 2)
    }
  }
  return {
    ...opened,
    list,
    between,
    /** One sync, a minute after the last one. */
    async sync() {
      clock.advance(60)
      await syncConnections(opened, provider, call.signal)
    },
    async statuses() {
      const rows = await db.selectFrom('connections').select(['remoteId', 'status']).execute()
      return Object.fromEntries(rows.map(({ remoteId, status }) => [remoteId, status]))
    },
  }
}

const remove = (list: RemoteConnection[], id: string) =>
  list.splice(
    list.findIndex(({ remoteId }) => remoteId === id),
    1,
  )

/** Time passes while a walk goes on, as it does with a real provider. */
const tick = ({ clock }: Pick<OpenConnect, 'clock'>) => clock.advance(1)

describe('a sync of connections', () => {
  test('reads all pages', async () => {
    const { sync, statuses } = await openList('c1', 'c2', 'c3', 'c4', 'c5')
    await sync()
    expect(Object.keys(await statuses()).toSorted()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
  })

  test('loses none of the rows that slip to the page before while it reads', async () => {
    const opened = await openList('c1', 'c2', 'c3', 'c4', 'c5')
    const { list, between, sync, statuses } = opened
    await sync()
    // In each walk the first row goes once its page is read: the third one moves up and is on neither page read.
    between.pages = async () => {
      tick(opened)
      if (list.length > 3) list.shift()
    }

    await sync()
    expect(list.map(({ remoteId }) => remoteId)).toEqual(['c3', 'c4', 'c5'])
    expect(await statuses()).toMatchObject({ c3: 'ACTIVE', c4: 'ACTIVE', c5: 'ACTIVE' })

    await sync()
    expect(await statuses()).toEqual({
      c1: 'DISCONNECTED',
      c2: 'DISCONNECTED',
      c3: 'ACTIVE',
      c4: 'ACTIVE',
      c5: 'ACTIVE',
    })
  })

  test('keeps rows that are made while it reads, and rows that come twice', async () => {
    const opened = await openList('c1', 'c2', 'c3', 'c4')
    const { list, between, sync, statuses } = opened
    between.pages = async () => {
      tick(opened)
      if (list.length < 6) list.unshift(connection(`new-${list.length}`))
    }

    await sync()
    await sync()

    expect(await statuses()).toEqual({
      c1: 'ACTIVE',
      c2: 'ACTIVE',
      c3: 'ACTIVE',
      c4: 'ACTIVE',
      'new-4': 'ACTIVE',
      'new-5': 'ACTIVE',
    })
  })

  test('notes what was deleted at the provider, once two walks have missed it', async () => {
    const { list, sync, statuses } = await openList('c1', 'c2', 'c3')
    await sync()
    remove(list, 'c2')

    await sync()

    expect(await statuses()).toEqual({ c1: 'ACTIVE', c2: 'DISCONNECTED', c3: 'ACTIVE' })
  })

  test('notes that everything was deleted', async () => {
    const { list, sync, statuses } = await openList('c1', 'c2', 'c3')
    await sync()
    list.length = 0

    await sync()

    expect(Object.values(await statuses())).toEqual(['DISCONNECTED', 'DISCONNECTED', 'DISCONNECTED'])
  })

  test('that breaks off halfway declares nothing disconnected', async () => {
    const { list, between, sync, statuses } = await openList('c1', 'c2', 'c3', 'c4')
    await sync()
    remove(list, 'c1')
    between.pages = async () => {
      throw down()
    }

    for (const _ of [1, 2, 3]) await expect(sync()).rejects.toThrow(down().message)

    expect(Object.values(await statuses())).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE'])
  })

  test('takes back what it said of a connection that shows up again', async () => {
    const { list, sync, db } = await openList('c1', 'c2')
    await sync()
    const ids = db.selectFrom('connections').select(['id', 'status']).where('remoteId', '=', 'c1')
    const before = await ids.execute()
    remove(list, 'c1')
    await sync()
    list.push(connection('c1'))

    await sync()

    expect(await ids.execute()).toEqual(before)
  })
})

describe('a sync of the catalogue', () => {
  test('puts the new slice in place of the old one', async () => {
    const { catalogue, provider, script } = await openConnect()
    await catalogue.sync(provider, call.signal)
    script.connectors = async function* () {
      yield [connector('hubspot', { name: 'HubSpot, renamed' })]
      yield [connector('stripe')]
    }

    await catalogue.sync(provider, call.signal)

    expect(catalogue.all().map(({ name }) => name)).toEqual(['HubSpot, renamed', 'stripe'])
    expect(catalogue.get('FIVETRAN', 'github')).toBeUndefined()
  })

  test('that breaks off halfway leaves the old slice, in memory and in the store', async () => {
    const { catalogue, connectorSyncs, provider, providers, script, db } = await openConnect()
    await connectorSyncs.sync(provider)
    script.connectors = async function* () {
      yield [connector('stripe')]
      throw down()
    }

    await connectorSyncs.sync(provider)

    expect(await connectorSyncs.ensureFresh(0)).toMatchObject([
      { state: 'STALE', error: `PROVIDER_UNAVAILABLE: ${down().message}` },
    ])
    const restarted = createCatalogue({ db, providers })
    expect(restarted.has('FIVETRAN')).toBe(false)
    await restarted.load()
    for (const one of [catalogue, restarted]) {
      expect(one.all().map(({ key }) => key)).toEqual(['github', 'hubspot'])
      expect(one.get('FIVETRAN', 'hubspot')).toEqual({ ...connector('hubspot'), provider: 'FIVETRAN' })
    }
  })

  test('does not believe that a provider has lost its whole catalogue', async () => {
    const { catalogue, provider, script } = await openConnect()
    await catalogue.sync(provider, call.signal)
    script.connectors = async function* () {}

    await expect(catalogue.sync(provider, call.signal)).rejects.toMatchObject({
      code: 'PROVIDER_INVALID_RESPONSE',
    })
    expect(catalogue.all()).toHaveLength(2)
  })

  test('keeps a connector that two pages show once', async () => {
    const { catalogue, provider, script } = await openConnect()
    script.connectors = async function* () {
      yield [connector('hubspot'), connector('github')]
      yield [connector('github'), connector('stripe')]
    }

    await catalogue.sync(provider, call.signal)

    expect(catalogue.all().map(({ key }) => key)).toEqual(['github', 'hubspot', 'stripe'])
  })
})

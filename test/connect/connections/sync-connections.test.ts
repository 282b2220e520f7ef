import { describe, expect, test } from 'vitest'
import { createCatalogue } from '../../../src/connect/catalogue/catalogue.ts'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import type { RemoteConnection } from '../../../src/providers/adapter.ts'
import type { SkippedRow } from '../../../src/providers/rows.ts'
import { call, type OpenConnect, openConnect } from '../open.ts'
import { connection, connector } from '../script.ts'

const down = () => new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'Fake could not be reached.')

/** A provider with offset pagination, two rows a page, over a list that may change between pages. */
async function openList(...ids: readonly string[]) {
  const opened = await openConnect()
  const { clock, script, provider, db } = opened
  const list = ids.map((id) => connection(id))
  const hooks = { beforePage: async (_: number) => {} }
  script.connections = async function* () {
    for (let offset = 0; offset < list.length; offset += 2) {
      if (offset > 0) await hooks.beforePage(offset)
      yield list.slice(offset, offset + 2)
    }
  }
  return {
    ...opened,
    list,
    hooks,
    /** One sync, a minute after the previous one. */
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

/** Advances the clock during a sync, as with a real provider. */
const tick = ({ clock }: Pick<OpenConnect, 'clock'>) => clock.advance(1)

describe('syncConnections', () => {
  test('reads all pages', async () => {
    const { sync, statuses } = await openList('c1', 'c2', 'c3', 'c4', 'c5')
    await sync()
    expect(Object.keys(await statuses()).toSorted()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
  })

  test('keeps rows that move to an earlier page during the sync', async () => {
    const opened = await openList('c1', 'c2', 'c3', 'c4', 'c5')
    const { list, hooks, sync, statuses } = opened
    await sync()
    // In each pass the first row is removed after its page was read: the third row moves up and is on neither page.
    hooks.beforePage = async () => {
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

  test('handles rows that are created during the sync, and rows that are listed twice', async () => {
    const opened = await openList('c1', 'c2', 'c3', 'c4')
    const { list, hooks, sync, statuses } = opened
    hooks.beforePage = async () => {
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

  test('marks a connection as DISCONNECTED once two passes have missed it', async () => {
    const { list, sync, statuses } = await openList('c1', 'c2', 'c3')
    await sync()
    remove(list, 'c2')

    await sync()

    expect(await statuses()).toEqual({ c1: 'ACTIVE', c2: 'DISCONNECTED', c3: 'ACTIVE' })
  })

  test('marks all connections as DISCONNECTED if the list is empty', async () => {
    const { list, sync, statuses } = await openList('c1', 'c2', 'c3')
    await sync()
    list.length = 0

    await sync()

    expect(Object.values(await statuses())).toEqual(['DISCONNECTED', 'DISCONNECTED', 'DISCONNECTED'])
  })

  test('marks nothing as DISCONNECTED if a page fails', async () => {
    const { list, hooks, sync, statuses } = await openList('c1', 'c2', 'c3', 'c4')
    await sync()
    remove(list, 'c1')
    hooks.beforePage = async () => {
      throw down()
    }

    for (const _ of [1, 2, 3]) await expect(sync()).rejects.toThrow(down().message)

    expect(Object.values(await statuses())).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE'])
  })

  test('restores a connection that is listed again', async () => {
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

describe('catalogue sync', () => {
  test('replaces the slice of the provider', async () => {
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

  test('keeps the old slice in memory and in the store if a page fails', async () => {
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
    const restarted = createCatalogue({ db, providers, now: () => new Date() })
    expect(restarted.has('FIVETRAN')).toBe(false)
    await restarted.load()
    for (const current of [catalogue, restarted]) {
      expect(current.all().map(({ key }) => key)).toEqual(['github', 'hubspot'])
      expect(current.get('FIVETRAN', 'hubspot')).toEqual({ ...connector('hubspot'), provider: 'FIVETRAN' })
    }
  })

  test('rejects an empty catalogue', async () => {
    const { catalogue, provider, script } = await openConnect()
    await catalogue.sync(provider, call.signal)
    script.connectors = async function* () {}

    await expect(catalogue.sync(provider, call.signal)).rejects.toMatchObject({
      code: 'PROVIDER_INVALID_RESPONSE',
    })
    expect(catalogue.all()).toHaveLength(2)
  })

  test('stores a connector once that two pages list', async () => {
    const { catalogue, provider, script } = await openConnect()
    script.connectors = async function* () {
      yield [connector('hubspot'), connector('github')]
      yield [connector('github'), connector('stripe')]
    }

    await catalogue.sync(provider, call.signal)

    expect(catalogue.all().map(({ key }) => key)).toEqual(['github', 'hubspot', 'stripe'])
  })
})

describe('a row that cannot be read', () => {
  const unreadable = (id: string | null, group: string | null = null) => ({ id, group, problems: [] })

  /** Two syncs of a list without c1, after one that had it; the later ones also return these rows. */
  async function syncWithout(c1: RemoteConnection, skipped: readonly SkippedRow[]) {
    const opened = await openConnect()
    const { clock, script, provider, db } = opened
    const others = [connection('c2', { remoteGroup: 'ours' }), connection('c3', { remoteGroup: 'theirs' })]
    const page = { items: [c1, ...others], skipped: [] as readonly SkippedRow[] }
    script.connections = async function* () {
      yield page
    }
    await syncConnections(opened, provider, call.signal)
    page.items = others
    page.skipped = skipped
    clock.advance(60)
    const { skipped: count } = await syncConnections(opened, provider, call.signal)
    const row = db.selectFrom('connections').select('status').where('remoteId', '=', 'c1')
    return { count, status: (await row.executeTakeFirstOrThrow()).status }
  }

  const ours = connection('c1', { remoteGroup: 'ours' })
  test.each([
    ['whose ID is readable keeps its connection', ours, [unreadable('c1')], 'ACTIVE'],
    ['of another connection keeps no connection', ours, [unreadable('c9')], 'DISCONNECTED'],
    ['without an ID may be any connection', ours, [unreadable(null)], 'ACTIVE'],
    ['without an ID may be any connection of its group', ours, [unreadable(null, 'ours')], 'ACTIVE'],
    ['of a foreign group keeps no connection of ours', ours, [unreadable(null, 'theirs')], 'DISCONNECTED'],
    ['may be a connection without a group', connection('c1'), [unreadable(null, 'ours')], 'ACTIVE'],
  ])('%s', async (_, c1, skipped, status) => {
    expect(await syncWithout(c1, skipped)).toEqual({ count: 1, status })
  })

  test('of a catalogue leaves the stored connector in place, unless another row has it', async () => {
    const { catalogue, provider, script } = await openConnect()
    await catalogue.sync(provider, call.signal)
    script.connectors = async function* () {
      yield {
        items: [connector('stripe')],
        skipped: [unreadable('hubspot'), unreadable('github'), unreadable(null)],
      }
      yield [connector('github', { name: 'GitHub, renamed' })]
    }

    expect(await catalogue.sync(provider, call.signal)).toBe(3)

    expect(catalogue.all().map(({ name }) => name)).toEqual(['GitHub, renamed', 'hubspot', 'stripe'])
  })

  test('of a catalogue leaves all stored connectors in place if its key is unreadable', async () => {
    const { catalogue, provider, script } = await openConnect()
    await catalogue.sync(provider, call.signal)
    script.connectors = async function* () {
      yield { items: [connector('stripe')], skipped: [unreadable(null)] }
    }

    await catalogue.sync(provider, call.signal)

    expect(catalogue.all().map(({ key }) => key)).toEqual(['github', 'hubspot', 'stripe'])
  })

  test('of a catalogue means that no connector is known to be absent, also after a restart', async () => {
    const { catalogue, clock, connectorSyncs, provider, providers, script, db } = await openConnect()
    const restarted = createCatalogue({ db, providers, now: () => new Date() })
    expect(catalogue.isAbsent('FIVETRAN', 'x')).toBe(false)
    for (const skipped of [[], [unreadable('x')], []]) {
      script.connectors = async function* () {
        yield { items: [connector('github')], skipped }
      }
      clock.advance(60)
      await connectorSyncs.sync(provider)
      await restarted.load()
      for (const current of [catalogue, restarted]) {
        expect(current.isAbsent('FIVETRAN', 'x')).toBe(skipped.length === 0)
        expect(current.isAbsent('FIVETRAN', 'github')).toBe(false)
      }
    }
  })
})

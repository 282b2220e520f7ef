import { describe, expect, test } from 'vitest'
import { census } from '../../src/providers/census/census.ts'
import { fivetran } from '../../src/providers/fivetran/fivetran.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import * as fromCensus from '../fixtures/census.ts'
import * as fromFivetran from '../fixtures/fivetran.ts'
import * as fromPipedream from '../fixtures/pipedream.ts'
import * as fromXpander from '../fixtures/xpander.ts'
import { cannedProvider, linkRequest, openLink, status } from './canned.ts'
import { call, readAll } from './open.ts'

describe('a paging field of another type', () => {
  const token = { 'POST /v1/oauth/token': fromPipedream.accessToken }
  const unread = [{ id: null, group: null, problems: ['(next page): unreadable'] }]

  test.each([{ end_cursor: 7 }, [], 'x'])('of Pipedream (%j) ends the list', async (page_info) => {
    const adapter = await cannedProvider(pipedream, {
      ...token,
      'GET /v1/connect/proj_sandbox/accounts': { data: [fromPipedream.githubAccount], page_info },
    })
    const { items, skipped } = await readAll(adapter.listConnections([], call))
    expect(items).toHaveLength(1)
    expect(skipped).toEqual(unread)
  })

  test('of Fivetran ends the list of its group', async () => {
    const data = { items: [fromFivetran.connectedConnection], next_cursor: 7 }
    const adapter = await cannedProvider(fivetran, { 'GET /v1/groups/sandbox_group/connections': { data } })
    const { items, skipped } = await readAll(adapter.listConnections([], call))
    expect(items).toHaveLength(1)
    expect(skipped).toEqual([{ ...unread[0], group: 'sandbox_group' }])
  })

  test('of Census is read as a number if it is one, and ends the list otherwise', async () => {
    const read = async (next_page: unknown) => {
      const response = { data: [{ service_name: 'braze' }], pagination: { next_page } }
      const adapter = await cannedProvider(census, { 'GET /api/v2/activation_types': response })
      return readAll(adapter.listConnectors(call))
    }
    // Page 2 has the same next page, and is the last one therefore.
    expect(await read('2')).toMatchObject({ items: [{ key: 'braze' }, { key: 'braze' }], skipped: [] })
    expect(await read('last')).toMatchObject({ items: [{ key: 'braze' }], skipped: unread })
  })

  test('of xpander is read as a number if it is one, and ends the list otherwise', async () => {
    const read = async (total_pages: unknown) => {
      const adapter = await cannedProvider(xpander, {
        'GET /v1/tools': { items: [fromXpander.slack], total_pages },
      })
      return readAll(adapter.listConnectors(call))
    }
    expect(await read('2')).toMatchObject({ items: [{}, {}], skipped: [] })
    expect(await read(undefined)).toMatchObject({ items: [{}], skipped: unread })
  })

  test('of the xpander search is not read', async () => {
    const { connection, slack } = fromXpander
    const adapter = await cannedProvider(xpander, { 'GET /v1/tools': { items: [slack] } })
    const providerState = { baseline: [], name: connection.name, pendingId: null }
    const link = openLink({ connectorKey: slack.id, connectorName: 'Slack', providerState })
    expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed' })
  })
})

test('a list with an endless number of pages ends sooner for a link than for a sync', async () => {
  const pages = { count: 0 }
  const adapter = await cannedProvider(census, {
    'GET /api/v2/activations': () => {
      pages.count += 1
      const row = { ...fromCensus.nestedActivation, id: `row-${pages.count}` }
      return { data: [row], pagination: { next_page: pages.count + 1 } }
    },
  })
  const failing = adapter.createLink(linkRequest({ direction: 'DESTINATION' }), call)
  await expect(failing).rejects.toThrow('sent a list without an end')
  expect(pages.count).toBe(200)
})

describe('a group of a Fivetran link that cannot be read', () => {
  const own = { data: { items: [fromFivetran.connectedConnection] } }
  test.each([401, 403, 500])('(HTTP %i) does not affect the configured group', async (code) => {
    const adapter = await cannedProvider(fivetran, {
      'GET /v1/groups/sandbox_group/connections': own,
      'GET /v1/groups/foreign/connections': status(code, {}),
      'GET /v1/groups/last/connections': { data: { items: [fromFivetran.incompleteConnection] } },
    })
    expect(await readAll(adapter.listConnections(['foreign', 'last'], call))).toMatchObject({
      items: [{ remoteId: 'interchangeable_revenge' }, { remoteId: 'speak_inexpensive' }],
      skipped: [{ id: null, group: 'foreign' }],
    })
  })

  test('is an error if it is the configured one', async () => {
    const adapter = await cannedProvider(fivetran, {
      'GET /v1/groups/sandbox_group/connections': status(500, {}),
    })
    await expect(readAll(adapter.listConnections([], call))).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
    })
  })
})

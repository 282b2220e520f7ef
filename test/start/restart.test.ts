import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { ConnectionsDocument, ConnectLinkDocument } from '../generated/graphql.ts'
import { onEmbedded } from '../helpers/database.ts'
import { followReturnUrl, submitProviderPage } from '../helpers/gateway.ts'
import { build, createLink, freshConnections, type Gateway, serve } from './process.ts'
import { embeddedFolder, newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

beforeAll(build)

const connectionsOf = async ({ send }: Gateway) => (await send(ConnectionsDocument, {})).connections

describe('a restart', () => {
  test('keeps the connections and the generated keys, whose file only the owner can read', async () => {
    const store = await newStore()
    const before = await serve(store)
    const { url } = await createLink(before)
    const { location } = await submitProviderPage(url ?? '', 'approve')
    await followReturnUrl(location)
    const listed = (await connectionsOf(before))?.nodes
    expect(listed).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'user-1' } }])
    const file = join(store.DATA_DIR, 'keys.json')
    const keys = readFileSync(file, 'utf8')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await before.stop()

    const after = await serve(store)

    expect(after.apiKey).toBe(before.apiKey)
    expect(readFileSync(file, 'utf8')).toBe(keys)
    const { nodes } = await freshConnections(after)
    expect(nodes).toMatchObject([{ id: listed?.[0]?.id, status: 'ACTIVE', endUser: { id: 'user-1' } }])
  })

  onEmbedded('after SIGKILL takes over the lock and keeps the data', async () => {
    const DATA_DIR = await embeddedFolder()
    const before = await serve({ DATA_DIR })
    const { id } = await createLink(before, 'PIPEDREAM')
    expect(await before.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
    expect(existsSync(join(DATA_DIR, 'gateway.lock'))).toBe(true)

    const after = await serve({ DATA_DIR })

    expect((await after.send(ConnectLinkDocument, { id })).connectLink).toMatchObject({
      id,
      status: 'CREATED',
    })
  })
})

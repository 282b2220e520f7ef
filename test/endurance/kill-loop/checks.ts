import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ConnectionsDocument, type ConnectionsQuery } from '../../generated/graphql.ts'
import type { Client } from '../client.ts'
import type { Load } from './load.ts'

type Listed = ConnectionsQuery['connections']['nodes'][number]

const rows = z.array(z.object({ id: z.string() }))
const stateSchema = z.object({
  fivetran: z.object({ connections: rows }),
  census: z.object({ connections: rows }),
  pipedream: z.object({ accounts: rows }),
  xpander: z.object({ connections: rows }),
})

/** Compares what the clients know with the list of a gateway that was just started, and with the connections at the providers. */
export async function findViolations(
  load: Load,
  client: Client,
  sandboxFolder: string,
): Promise<readonly string[]> {
  // The first list of a process starts a sync. The file of the sandbox is written after 50 ms.
  await listAll(client)
  await sleep(10_000)
  const listed = await listAll(client)
  const remoteIds = readRemoteIds(sandboxFolder)
  const violations: string[] = []
  const wanted = load.records.filter(
    ({ isApproved, isDisconnected, isUnattributed }) => isApproved && !isDisconnected && !isUnattributed,
  )
  const byUser = new Map<string, Listed[]>()
  for (const connection of listed) {
    const user = connection.endUser?.id ?? 'none'
    byUser.set(user, [...(byUser.get(user) ?? []), connection])
  }
  for (const { key, provider, linkIds, isDisconnected } of load.records) {
    if (linkIds.size > 1) violations.push(`${key} (${provider}): ${linkIds.size} links`)
    const own = byUser.get(`user of ${key}`) ?? []
    const usable = own.filter(({ status }) => status !== 'DISCONNECTED')
    if (isDisconnected && usable.length > 0) violations.push(`${key} (${provider}): still connected`)
    if (usable.length > 1) violations.push(`${key} (${provider}): ${usable.length} connections`)
  }
  for (const { key, provider } of wanted) {
    const [own] = (byUser.get(`user of ${key}`) ?? []).filter(({ status }) => status === 'ACTIVE')
    if (own === undefined) violations.push(`${key} (${provider}): no usable connection is listed`)
    else if (!remoteIds.delete(own.remoteId)) violations.push(`${key} (${provider}): not at the provider`)
  }
  const unattributed = load.records.filter(({ isUnattributed }) => isUnattributed).length
  const unowned = (byUser.get('none') ?? []).filter(({ remoteId }) => remoteIds.delete(remoteId)).length
  if (unowned !== unattributed)
    violations.push(
      `${unowned} connections are listed without an end user, for ${unattributed} links without one`,
    )
  for (const [id, provider] of remoteIds) violations.push(`${id} at ${provider} belongs to no link`)
  console.log(`${listed.length} connections listed, ${wanted.length} in use, ${unowned} not attributed`)
  return violations
}

async function listAll(client: Client): Promise<readonly Listed[]> {
  const nodes: Listed[] = []
  for (let after: string | null | undefined = null; ; ) {
    const variables: { first: number; after: string | null } = { first: 100, after }
    const { data }: { data: ConnectionsQuery | null } = await client.send(ConnectionsDocument, variables)
    if (data === null) throw new Error('the connections cannot be listed')
    nodes.push(...data.connections.nodes)
    const { hasNextPage, endCursor } = data.connections.pageInfo
    if (!hasNextPage) return nodes
    after = endCursor ?? null
  }
}

/** The provider of each connection in the sandbox, by its ID there. */
function readRemoteIds(folder: string): Map<string, string> {
  const state = stateSchema.parse(JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8')))
  const lists = [
    ['FIVETRAN', state.fivetran.connections],
    ['CENSUS', state.census.connections],
    ['PIPEDREAM', state.pipedream.accounts],
    ['XPANDER', state.xpander.connections],
  ] as const
  return new Map(lists.flatMap(([provider, list]) => list.map(({ id }) => [id, provider] as const)))
}

import {
  ConnectLinkDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  DisconnectConnectionDocument,
  type ProviderKey,
} from '../../generated/graphql.ts'
import type { Random } from '../../helpers/random.ts'
import { type Client, repeat } from '../client.ts'
import { approvePage, visit } from './browser.ts'

/** What the clients know about one idempotency key. */
export interface KeyRecord {
  readonly key: string
  readonly provider: ProviderKey
  /** Global IDs of all links that were returned for the key: one, unless the key was not honoured. */
  readonly linkIds: Set<string>
  url: string | null
  /** The provider has accepted the approval, or needs none. */
  isApproved: boolean
  /** To which the provider has redirected; the browser has not reached it yet. */
  returnUrl: string | null
  /** Of the connection whose disconnection was requested. */
  disconnectingId: string | null
  isDisconnected: boolean
  /**
   * Census V2 does not say which link made a connection, and the browser returned too late, because the gateway did not
   * run: the connection is listed without an end user, for an API key to assign.
   */
  isUnattributed: boolean
  /** A client works on it. */
  isBusy: boolean
}

const providers: readonly ProviderKey[] = ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER']
const clientCount = 6

/** The clients and their model of what was acknowledged. */
export function createLoad(random: Random, origin: string) {
  const records: KeyRecord[] = []
  const connectors = new Map<ProviderKey, string>([
    ['FIVETRAN', 'hubspot'],
    ['CENSUS', 'hubspot'],
    ['PIPEDREAM', 'github'],
  ])

  let acknowledged = 0

  function newRecord(): KeyRecord {
    const record: KeyRecord = {
      key: `key-${records.length}`,
      provider: random.pick(providers),
      linkIds: new Set(),
      url: null,
      isApproved: false,
      returnUrl: null,
      disconnectingId: null,
      isDisconnected: false,
      isUnattributed: false,
      isBusy: false,
    }
    records.push(record)
    return record
  }

  /** The key of the connector; of xpander, whose keys are UUIDs, it is found by its name. */
  async function connectorOf(client: Client, provider: ProviderKey): Promise<string> {
    const known = connectors.get(provider)
    if (known !== undefined) return known
    const search = { providers: [provider], search: 'algolia', first: 1 }
    const { data } = await client.send(ConnectorsDocument, search)
    const key = data?.connectors.nodes[0]?.key
    if (key !== undefined) connectors.set(provider, key)
    return key ?? 'unknown'
  }

  /** Creates the link of a key, or repeats the call. Returns whether it was acknowledged. */
  async function create(client: Client, record: KeyRecord): Promise<boolean> {
    const { key, provider } = record
    const input = {
      connector: await connectorOf(client, provider),
      ...(provider === 'XPANDER' && { xpander: { security: { apiKey: 'key' } } }),
      endUser: { id: `user of ${key}` },
      idempotencyKey: key,
    }
    const { data } = await client.send(CreateConnectLinkDocument, { provider, input })
    const result = data?.createConnectLink
    if (result?.__typename !== 'CreateConnectLinkPayload') return false
    const { id, url, status } = result.connectLink
    acknowledged += 1
    record.linkIds.add(id)
    record.url = url ?? null
    if (status === 'COMPLETED') record.isApproved = true
    return true
  }

  async function approve(record: KeyRecord): Promise<void> {
    const approval = await approvePage(record.url ?? '', origin)
    if (approval === null) return
    record.isApproved = true
    record.returnUrl = approval.returnUrl
    await goBack(record)
  }

  /** The browser returns from the provider; it stays there while the gateway does not answer. */
  async function goBack(record: KeyRecord): Promise<boolean> {
    if (record.returnUrl === null) return true
    if (!(await visit(record.returnUrl))) return false
    record.returnUrl = null
    return true
  }

  /** Returns whether it was acknowledged; not yet if the link has not completed. */
  async function disconnect(client: Client, record: KeyRecord): Promise<boolean> {
    const [id = ''] = record.linkIds
    if (record.disconnectingId === null) {
      const { data } = await client.send(ConnectLinkDocument, { id })
      record.disconnectingId = data?.connectLink?.connection?.id ?? null
    }
    if (record.disconnectingId === null) return false
    const { data } = await client.send(DisconnectConnectionDocument, { id: record.disconnectingId })
    record.isDisconnected = data?.disconnectConnection.__typename === 'DisconnectConnectionPayload'
    return record.isDisconnected
  }

  async function act(client: Client): Promise<void> {
    const record = choose()
    record.isBusy = true
    try {
      if (record.linkIds.size === 0 || random.below(20) === 0) await create(client, record)
      else if (record.returnUrl !== null) await goBack(record)
      else if (!record.isApproved) await approve(record)
      else await disconnect(client, record)
    } finally {
      record.isBusy = false
    }
  }

  /** A new key, or an earlier one for which there is something to do: 3 of 4 links are approved, 1 of 4 disconnected. */
  function choose(): KeyRecord {
    const open = records.filter((record, index) => {
      if (record.isBusy || record.isDisconnected) return false
      if (record.linkIds.size === 0 || record.returnUrl !== null) return true
      if (!record.isApproved) return index % 4 !== 0
      return index % 4 === 1 && record.provider !== 'XPANDER'
    })
    return open.length === 0 || random.below(3) === 0 ? newRecord() : random.pick(open)
  }

  return {
    records,
    create,
    goBack,
    disconnect,
    run: (client: Client, signal: AbortSignal): readonly Promise<void>[] =>
      Array.from({ length: clientCount }, () => repeat(signal, 20, () => act(client))),
    /** How many calls were acknowledged. */
    acknowledged: () => acknowledged,
    describe(): string {
      const count = (matches: (record: KeyRecord) => boolean) => records.filter(matches).length
      return `${records.length} keys, ${count(({ linkIds }) => linkIds.size > 0)} acknowledged, ${count(
        ({ isApproved }) => isApproved,
      )} approved, ${count(({ isDisconnected }) => isDisconnected)} disconnected`
    },
  }
}

export type Load = ReturnType<typeof createLoad>

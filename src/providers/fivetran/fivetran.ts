import { z } from 'zod'
import { ProviderError } from '../../errors.ts'
import type { Call } from '../../http/client.ts'
import { baseUrl, defineProvider, required } from '../definition.ts'
import { believedLink } from '../link-url.ts'
import type {
  AdapterContext,
  Expiry,
  LinkProgress,
  LinkRequest,
  OpenedLink,
  ProviderAdapter,
} from '../provider.ts'
import {
  findBySchema,
  getConnection,
  listConnectors,
  listGroup,
  makeConnection,
  mintCard,
  removeConnection,
  startSyncing,
} from './calls.ts'
import { type ConnectionAnswer, toConnection } from './connection.ts'
import {
  cardConfig,
  cardExpiry,
  cardLifeSeconds,
  destinationName,
  linkOptions,
  newConnection,
  takesTable,
} from './new-connection.ts'

const settings = z.object({
  FIVETRAN_API_KEY: required,
  FIVETRAN_API_SECRET: required,
  FIVETRAN_GROUP_ID: required,
  FIVETRAN_WEBHOOK_SECRET: z.string().optional(),
  FIVETRAN_BASE_URL: baseUrl('https://api.fivetran.com'),
})
type Settings = z.output<typeof settings>

type Options = z.output<typeof linkOptions>

export const fivetran = defineProvider({
  key: 'FIVETRAN',
  name: 'Fivetran',
  variables: Object.keys(settings.shape),
  credentials: ['FIVETRAN_API_KEY', 'FIVETRAN_API_SECRET', 'FIVETRAN_GROUP_ID'],
  settings,
  linkOptions,
  sandboxVariables: (sandboxUrl) => ({
    FIVETRAN_API_KEY: 'sandbox-key',
    FIVETRAN_API_SECRET: 'sandbox-secret',
    FIVETRAN_GROUP_ID: 'sandbox_group',
    FIVETRAN_BASE_URL: `${sandboxUrl}/fivetran`,
  }),
  baseUrl: ({ FIVETRAN_BASE_URL }) => FIVETRAN_BASE_URL,
  scope: ({ FIVETRAN_GROUP_ID }) => ['v1', FIVETRAN_GROUP_ID],
  capabilities: () => ({
    directions: ['SOURCE'],
    successRedirect: true,
    errorRedirect: false,
    embeddable: false, // X-Frame-Options: SAMEORIGIN
    reconnect: true,
    revokeLink: false,
    disconnect: true,
    completion: ['WEBHOOK', 'POLL'],
    linkLifetimeSeconds: { default: cardLifeSeconds, min: null, max: cardLifeSeconds },
  }),
  create: createFivetran,
})

/** What a link remembers for its completion. */
const memoAnswer = z.object({ startSync: z.boolean() })

function createFivetran(settings: Settings, context: AdapterContext): ProviderAdapter<Options> {
  const secret = Buffer.from(`${settings.FIVETRAN_API_KEY}:${settings.FIVETRAN_API_SECRET}`).toString(
    'base64',
  )
  const http = context.http({
    provider: 'FIVETRAN',
    name: 'Fivetran',
    baseUrl: settings.FIVETRAN_BASE_URL,
    // Version 2 is the documented default of /connections; anything unknown is answered 406.
    authorization: {
      headers: async () => ({ authorization: `Basic ${secret}`, accept: 'application/json;version=2' }),
    },
    readRefusal: { code: (body) => z.object({ code: z.string() }).safeParse(body).data?.code },
  })
  const hosts = {
    provider: 'FIVETRAN',
    name: 'Fivetran',
    hosts: ['fivetran.com'],
    origins: context.linkOrigins,
  } as const

  return {
    async createLink(request, call) {
      const body = newConnection(request, settings.FIVETRAN_GROUP_ID)
      const connection = await makeConnection(http, request.connectorKey, body, call).catch(
        (error: unknown) => lostConnection(error, request, call),
      )
      const { token, uri } = await cardOrCleanUp(connection, request, call)
      return opened(connection, request, uri, cardExpiry(token, context.now()))
    },

    async checkLink(link, call): Promise<LinkProgress> {
      const connection = await getConnection(http, link.remoteConnectionId ?? '', call)
      if (connection === null) return { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
      const isConnected = connection.status?.setup_state === 'connected'
      return isConnected ? { kind: 'completed', connection: toConnection(connection) } : { kind: 'open' }
    },

    async getConnection({ remoteId }, call) {
      const connection = await getConnection(http, remoteId, call)
      return connection && toConnection(connection)
    },

    async *listConnections(groups, call) {
      yield* listGroup(http, settings.FIVETRAN_GROUP_ID, call)
      for (const group of groups) {
        if (group !== settings.FIVETRAN_GROUP_ID) yield* listGroup(http, group, call, { mayBeGone: true })
      }
    },

    listConnectors: (call) => listConnectors(http, call),

    async startConnection(connection, memo, call) {
      if (!memoAnswer.parse(memo).startSync) return connection
      await startSyncing(http, connection.remoteId, call)
      const started = await getConnection(http, connection.remoteId, call)
      return started ? toConnection(started) : connection
    },

    async disconnect({ remoteId }, call) {
      return removeConnection(http, remoteId, call)
    },
  }

  /**
   * When the answer was lost, the connection may be there all the same: its name in the destination was made for this
   * link alone, so what carries that name is ours. A name that the caller chose proves nothing.
   */
  async function lostConnection(
    error: unknown,
    request: LinkRequest<Options>,
    call: Call,
  ): Promise<ConnectionAnswer> {
    if (!(error instanceof ProviderError && error.mayHaveActed) || request.options.schema != null) throw error
    const group = request.options.groupId ?? settings.FIVETRAN_GROUP_ID
    const found = await findBySchema(http, { group, schema: destinationName(request) }, call).catch(
      () => undefined,
    )
    if (found === undefined) throw error
    return found
  }

  /** Takes the card from the answer, else asks for one; a connection that nobody could ever authorise is not left behind. */
  async function cardOrCleanUp(connection: ConnectionAnswer, request: LinkRequest<Options>, call: Call) {
    // Caught to undo the first of two steps, then thrown on.
    try {
      const made = connection.connect_card ?? (await mintCard(http, connection.id, cardConfig(request), call))
      return { token: made.token, uri: believedLink(made.uri, hosts) }
    } catch (error) {
      const left = await removeConnection(http, connection.id, call).then(
        () => false,
        () => true,
      )
      if (!left) throw error
      throw new ProviderError(
        'FIVETRAN',
        // Not a code to try again after: that would make one more.
        'PROVIDER_CONTRACT',
        `Fivetran made connection "${connection.id}" without a Connect Card and it could not be deleted again: delete it at Fivetran.`,
        { cause: error, mayHaveActed: true },
      )
    }
  }
}

function opened(
  data: ConnectionAnswer,
  request: LinkRequest<Options>,
  url: string,
  expiry: Expiry,
): OpenedLink {
  const { options, connectorKey } = request
  const tableIsIgnored = options.table != null && !takesTable(connectorKey)
  const connection = toConnection(data)
  return {
    kind: 'open',
    url,
    expiry,
    requiresProviderLogin: false,
    instructions: null,
    remoteLinkId: null,
    remoteGroup: options.groupId ?? connection.remoteGroup,
    halfMade: connection,
    memo: { startSync: options.startSync ?? true },
    ignored: tableIsIgnored
      ? [{ path: ['fivetran', 'table'], message: `"${connectorKey}" takes no table name.` }]
      : [],
  }
}

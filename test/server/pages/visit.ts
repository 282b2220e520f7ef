import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import { decodeIdOf } from '../../../src/graphql/ids.ts'
import {
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  type ProviderKey,
} from '../../generated/graphql.ts'
import type { TestGateway } from '../../helpers/gateway.ts'

export interface Visited {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly policy: Readonly<Record<string, string>>
}

interface Visit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

/** What a browser sends when somebody goes somewhere. */
export const navigation = {
  'user-agent': chrome,
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
}

/** What it sends when a form of the page itself is sent. */
export const ownForm = { ...navigation, 'sec-fetch-site': 'same-origin', origin: 'null' }

/** One request with exactly these headers, which `fetch` would not send as they are. */
export function visit(url: string, { method = 'GET', headers = {} }: Visit = {}): Promise<Visited> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: Buffer.concat(chunks).toString(),
        policy: policyOf(response.headers),
      })
    })
    request.on('error', reject).end()
  })
}

function policyOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const directives = String(headers['content-security-policy'] ?? '').split('; ')
  return Object.fromEntries(
    directives.map((directive) => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values.join(' ')]
    }),
  )
}

export interface MadeLink {
  /** As the store knows it. */
  readonly id: string
  readonly globalId: string
  readonly url: string
  readonly providerUrl: string
}

export async function makeLink(
  { send, connect }: TestGateway,
  provider: ProviderKey,
  more: Partial<CreateConnectLinkInput> = {},
): Promise<MadeLink> {
  // Pages name the connector, once the catalogue is there.
  await connect.connectorSyncs.ensureFresh(30_000)
  const input = { connector: 'hubspot', endUser: { id: 'user-1' }, ...more }
  const { createConnectLink } = await send(CreateConnectLinkDocument, { provider, input })
  if (createConnectLink.__typename !== 'CreateConnectLinkPayload')
    throw new Error(JSON.stringify(createConnectLink))
  const { id, url, providerUrl } = createConnectLink.connectLink
  return {
    id: decodeIdOf('ConnectLink', id) ?? '',
    globalId: id,
    url: url ?? '',
    providerUrl: providerUrl ?? '',
  }
}

/** A link of xpander, whose connectors have ids for keys. */
export async function makeXpanderLink(
  gateway: TestGateway,
  more: Partial<CreateConnectLinkInput> = {},
): Promise<MadeLink> {
  const connector = await connectorNamed(gateway, 'GitHub')
  return makeLink(gateway, 'XPANDER', { connector, ...more })
}

async function connectorNamed({ connect }: TestGateway, wanted: string): Promise<string> {
  await connect.connectorSyncs.ensureFresh(30_000)
  const found = connect.catalogue
    .all()
    .find(({ provider, name }) => provider === 'XPANDER' && name === wanted)
  if (found === undefined) throw new Error(`no connector ${wanted}`)
  return found.key
}

/** The statuses through which a link has come. */
export async function stepsOf({ connect }: TestGateway, { id }: MadeLink): Promise<readonly LinkStatus[]> {
  const rows = await connect.db
    .selectFrom('linkTransitions')
    .select('toStatus')
    .where('linkId', '=', id)
    .orderBy('number')
    .execute()
  return rows.map(({ toStatus }) => toStatus)
}

/** As if that had become of the link. */
export async function endAs({ connect }: TestGateway, { id }: MadeLink, status: LinkStatus): Promise<void> {
  await connect.db.updateTable('connectLinks').set({ status }).where('id', '=', id).execute()
}

/** The address to which the provider sends the browser back, as the sandbox was told. */
export async function returnAddress({ control }: TestGateway, path: 'success' | 'error' = 'success') {
  const requests = await (await control('GET', 'requests')).text()
  const [found] = new RegExp(`http://[\\w.:]+/return/[\\w-]+/${path}`).exec(requests) ?? []
  if (found === undefined) throw new Error('the sandbox was told no address')
  return found
}

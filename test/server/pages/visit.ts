import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import { decodeIdOf } from '../../../src/graphql/ids.ts'
import {
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  type ProviderKey,
} from '../../generated/graphql.ts'
import type { TestGateway } from '../../helpers/gateway.ts'

export interface PageResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Buffer
  /** Directives of the Content Security Policy. */
  readonly policy: Readonly<Record<string, string>>
}

interface Visit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

/** Headers of a browser's navigation. */
export const navigation = {
  'user-agent': chrome,
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
}

/** Headers of a form submission by the gateway's own page. */
export const ownForm = { ...navigation, 'sec-fetch-site': 'same-origin', origin: 'null' }

/** Sends one request with exactly these headers; `fetch` would override some. */
export function visit(
  url: string,
  { method = 'GET', headers = {}, body = '' }: Visit = {},
): Promise<PageResponse> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: body.toString(),
        body,
        policy: policyOf(response.headers),
      })
    })
    request.on('error', reject).end(body)
  })
}

/** Exchanges the start token; returns headers with the cookie. */
export async function startCookieOf({ startUrl }: TestGateway): Promise<{ readonly cookie: string }> {
  const { headers } = await visit(startUrl)
  const [cookie = ''] = (headers['set-cookie']?.[0] ?? '').split(';')
  if (cookie === '') throw new Error('the start token was not exchanged')
  return { cookie }
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

export interface TestLink {
  /** Of the row in the database. */
  readonly id: string
  readonly globalId: string
  readonly url: string
  readonly providerUrl: string
}

export async function createTestLink(
  { send, connect }: TestGateway,
  provider: ProviderKey,
  more: Partial<CreateConnectLinkInput> = {},
): Promise<TestLink> {
  // Pages show the name of the connector only after a catalogue sync.
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

/** Creates a link of xpander, whose connector keys are IDs. */
export async function createXpanderLink(
  gateway: TestGateway,
  more: Partial<CreateConnectLinkInput> = {},
): Promise<TestLink> {
  const connector = await findXpanderKey(gateway, 'GitHub')
  return createTestLink(gateway, 'XPANDER', { connector, ...more })
}

async function findXpanderKey({ connect }: TestGateway, connectorName: string): Promise<string> {
  await connect.connectorSyncs.ensureFresh(30_000)
  const connector = connect.catalogue
    .all()
    .find(({ provider, name }) => provider === 'XPANDER' && name === connectorName)
  if (connector === undefined) throw new Error(`no connector ${connectorName}`)
  return connector.key
}

/** The statuses of a link so far, in order. */
export async function statusHistoryOf(
  { connect }: TestGateway,
  { id }: TestLink,
): Promise<readonly LinkStatus[]> {
  const rows = await connect.db
    .selectFrom('linkTransitions')
    .select('toStatus')
    .where('linkId', '=', id)
    .orderBy('number')
    .execute()
  return rows.map(({ toStatus }) => toStatus)
}

/** Sets the status in the database directly. */
export async function setLinkStatus(
  { connect }: TestGateway,
  { id }: TestLink,
  status: LinkStatus,
): Promise<void> {
  await connect.db.updateTable('connectLinks').set({ status }).where('id', '=', id).execute()
}

/** The return URL that the gateway has sent to the sandbox. */
export async function findReturnUrl({ control }: TestGateway, path: 'success' | 'error' = 'success') {
  const requests = await (await control('GET', 'requests')).text()
  const [url] = new RegExp(`http://[\\w.:]+/return/[\\w-]+/${path}`).exec(requests) ?? []
  if (url === undefined) throw new Error('the sandbox received no return URL')
  return url
}

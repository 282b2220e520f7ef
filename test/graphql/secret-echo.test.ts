import { expect, test, vi } from 'vitest'
import { pipedreamEvent, postWebhook } from '../connect/webhooks/post-webhook.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser, type EndUser } from './as-end-user.ts'
import { createLinkOrThrow, postQuery, providerRequests, xpanderKey } from './open.ts'

const secrets = [
  'swordfish',
  'sk_live_swordfish',
  'sword-fish-king',
  'correct horse battery staple',
  'abcDEF123ghi',
  'p\u00e4ss"w\\ordkey',
  '-----BEGIN KEY-----\nc2VjcmV0bGluZXNv\nqrstuvwxyzABCDEF\n-----END KEY-----',
]

const bytes = (text: string) => Buffer.from(text)
const encodings: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'upper case': (secret) => secret.toUpperCase(),
  'a part': (secret) => secret.slice(1, -1),
  spelled: (secret) => [...secret].join(' '),
  'on two lines': (secret) => `${secret.slice(0, 5)}\n${secret.slice(5)}`,
  JSON: (secret) => JSON.stringify(JSON.stringify({ v: secret })),
  URL: (secret) => encodeURIComponent(encodeURIComponent(secret)),
  HTML: (secret) => secret.replace(/[^a-z]/gi, (one) => `&#${one.charCodeAt(0)};`),
  'quoted-printable': (secret) =>
    secret.replace(/[^a-z]/gi, (one) => encodeURIComponent(one).replace(/%/g, '=')),
  hexadecimal: (secret) => bytes(secret).toString('hex'),
  'hexadecimal with colons': (secret) => bytes(secret).toString('hex').replace(/..\B/g, '$&:'),
  base64: (secret) => bytes(secret).toString('base64'),
  'base64 of JSON': (secret) => bytes(JSON.stringify({ v: secret })).toString('base64url'),
  'base64 on two lines': (secret) => bytes(secret).toString('base64').replace(/^.{7}/, '$&\n'),
  'full-width': (secret) =>
    secret.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
}

const onlyCharacters = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/**
 * The parts of six characters (twelve, if hexadecimal) of the texts that occur in the answer, whatever separators are
 * between them. Six hexadecimal digits occur in random IDs and in times by chance.
 */
function partsIn(answer: string, texts: readonly string[]): readonly string[] {
  const searched = onlyCharacters(answer.replaceAll('\\n', ' '))
  return texts.map(onlyCharacters).flatMap((text) =>
    Array.from({ length: Math.max(text.length - 5, 0) }, (_, start) =>
      /^[0-9a-f]{6}/i.test(text.slice(start)) ? [start, start + 12] : [start, start + 6],
    )
      .filter(([, end = 0]) => end <= text.length)
      .map(([start, end]) => text.slice(start, end))
      .filter((part) => searched.includes(part)),
  )
}

const connectQuery = `mutation ($input: CreateConnectLinkInput!) {
  createConnectLink(provider: XPANDER, input: $input) { __typename
    ... on Error { code message }
    ... on ProviderError { providerErrorCode providerRequestId providerMessage }
    ... on CreateConnectLinkPayload { connectLink { id instructions connection { name } } } } }`
const linkQuery = `query ($id: ID!) { connectLink(id: $id) {
  instructions connection { name health { message } }
  lastFailure { code message } history { reason failure { code message } } } }`

const error = (body: unknown) => ({ status: 422, body })
const page = { oauth2_required: true, connector_page_url: '/' }

/** What xpander answers to the request that contains the secret; `text`: the secret as it repeats it. */
const positions: Readonly<Record<string, (text: string, origin: string) => object>> = {
  message: (text) => error({ message: `The value ${text} was refused` }),
  'nested JSON': (text) => error({ error: 422, detail: { detail: { errors: { key: [`bad: ${text}`] } } } }),
  path: (text) => error({ detail: [{ msg: 'is wrong', loc: ['body', 'security', text] }] }),
  code: (text) => error({ detail: [{ type: text, msg: 'is wrong', loc: ['body'] }] }),
  'text/plain': (text) => error(`The value ${text} was refused`),
  'request ID': (text) => ({ ...error({}), headers: { 'x-request-id': text.replace(/[^ -~]+/g, '-') } }),
  instructions: (text, origin) => ({
    status: 200,
    body: { ...page, connector_page_url: `${origin}/xpander/page`, message: `Enter ${text} at this page` },
  }),
  name: (text) => ({ status: 200, body: { id: `c-${Math.random()}`, name: `Ours ${text}` } }),
}

/** Each secret in each encoding. */
const echoes = secrets.flatMap((secret) =>
  Object.values(encodings).map((encode) => ({ secret, text: encode(secret) })),
)

async function start(): Promise<{ readonly gateway: TestGateway; readonly user: EndUser }> {
  const gateway = await startTestGateway({ env: { MAX_OPEN_LINKS_PER_END_USER: '10000' } })
  return { gateway, user: await asEndUser(gateway, 'user-1') }
}

test.each(Object.keys(positions))(
  'a secret of `security` that xpander repeats as %s reaches neither an answer nor the log',
  async (position) => {
    const { gateway, user } = await start()
    const leaks: unknown[] = []
    for (const [index, { secret, text }] of echoes.entries()) {
      const input = {
        connector: xpanderKey('Algolia'),
        endUser: { id: 'user-1' },
        // As a value, or as a key by mistake.
        xpander: { security: index % 2 === 0 ? { apiKey: secret } : { [secret]: true } },
      }
      const fault = positions[position]?.(text, gateway.sandbox.url.origin)
      await gateway.control('POST', 'faults', { provider: 'XPANDER', method: 'POST', times: 1, ...fault })
      const created = await postQuery(gateway, connectQuery, { input })
      const { id = '' } = /"id":"(?<id>[^"]+)"/.exec(created.text)?.groups ?? {}
      const answers = [created.text, ...(id === '' ? [] : [(await user.query(linkQuery, { id })).text])]
      const found = partsIn(answers.join('\n'), [secret, text])
      if (found.length > 0) leaks.push({ secret, text, found, answers })
    }
    expect(leaks).toEqual([])
    expect(
      partsIn(
        gateway.logged(),
        echoes.flatMap(({ secret, text }) => [secret, text]),
      ),
    ).toEqual([])
  },
  60_000,
)

test.each([
  'api_key=swordfish is wrong',
  'The password: swordfish',
  '{"token": "swordfish"} was refused',
  'Bearer sword_fish was refused',
  'ctok_swordfish was refused',
  'See https://app.example.com/?key=swordfish for more',
  'Not accepted: https://user:swordfish@app.example.com',
])('a webhook with the text "%s": its secret reaches neither an answer nor the log', async (text) => {
  const { gateway, user } = await start()
  const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM')
  const [, webhookUrl = ''] =
    /"webhook_uri":"([^"]+)"/.exec(JSON.stringify(await providerRequests(gateway))) ?? []
  expect(await postWebhook(webhookUrl, pipedreamEvent('CONNECTION_ERROR', { error: text }))).toBe(204)
  const answers = await vi.waitFor(
    async () => {
      // An attempt that found the link locked is repeated five seconds later.
      gateway.clock.advance(6)
      await gateway.poll()
      const { text: own } = await user.query(linkQuery, { id })
      expect(own).toContain('[redacted]')
      return own + (await postQuery(gateway, linkQuery, { id })).text
    },
    { timeout: 30_000 },
  )
  expect(partsIn(answers + gateway.logged(), ['swordfish'])).toEqual([])
})

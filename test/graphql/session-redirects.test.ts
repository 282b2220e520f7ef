import { describe, expect, test } from 'vitest'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser, type EndUser } from './as-end-user.ts'
import { createConnection } from './open.ts'

const issues = '__typename ... on InvalidInputError { issues { path message } }'
const allowed = ['https://app.example.com', 'https://other.example.com/done?a=1', 'http://localhost:3000/x']

/** Every operation that takes redirect URIs, with `$url` in one of the two fields. */
const operationsOf = (field: string) => [
  `mutation ($url: URL) { createConnectLink(provider: PIPEDREAM, input: { connector: "github", ${field}: $url }) { ${issues} } }`,
  `mutation ($url: URL) { createConnectLink(input: { connector: "github", direction: TOOL, ${field}: $url }) { ${issues} } }`,
  `mutation ($url: URL) { createConnectLinks(inputs: [{ provider: PIPEDREAM, input: { connector: "github", ${field}: $url } }]) { ${issues} } }`,
  `query ($url: URL) { planConnectLink(provider: PIPEDREAM, input: { connector: "github", ${field}: $url }) { ${issues} } }`,
]
const reconnect = (field: string) =>
  `mutation ($url: URL, $id: ID!) { reconnectConnection(id: $id, input: { ${field}: $url }) { ${issues} } }`

const fields = ['redirectUri', 'errorRedirectUri'] as const

/** The texts of the answers of all operations to that URL in that field. */
async function answers({ query }: EndUser, field: string, { url, id }: { url: string; id: string }) {
  const texts: string[] = []
  for (const document of operationsOf(field)) texts.push((await query(document, { url })).text)
  return [...texts, (await query(reconnect(field), { url, id })).text]
}

const open = async (env: Record<string, string> = {}) => {
  const gateway = await startTestGateway({ env })
  return { gateway, id: await createConnection(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } }) }
}

async function expectAnswers(
  session: EndUser,
  { url, id, isAllowed }: { url: string; id: string; isAllowed: boolean },
) {
  for (const field of fields) {
    for (const text of await answers(session, field, { url, id })) {
      expect({ url, field, isAllowed: text.includes('Payload') }).toEqual({ url, field, isAllowed })
      if (!isAllowed) expect(text).toContain(`"${field}"],"message":"is not`)
    }
  }
}

describe('a session with redirectUris', () => {
  test.each([
    'https://app.example.com',
    'https://app.example.com/any/path?x=1',
    'https://other.example.com/done?a=1',
    'http://localhost:3000/x',
  ])('may redirect to %s', async (url) => {
    const { gateway, id } = await open()
    await expectAnswers(await asEndUser(gateway, 'ada', { redirectUris: allowed }), {
      url,
      id,
      isAllowed: true,
    })
  })

  test.each([
    'https://other.example.com/',
    'https://other.example.com/done',
    'https://other.example.com/done?a=1&b=2',
    'https://other.example.com/done/',
    'https://app.example.com.evil.test/',
    'https://evil.test/https://app.example.com',
    'https://app.example.com:8443/',
    'https://sub.app.example.com/',
    'http://localhost:3000/y',
    'http://localhost:3001/x',
  ])('may not redirect to %s', async (url) => {
    const { gateway, id } = await open()
    await expectAnswers(await asEndUser(gateway, 'ada', { redirectUris: allowed }), {
      url,
      id,
      isAllowed: false,
    })
  })
})

const production = { NODE_ENV: 'production' }

describe('a session without redirectUris', () => {
  test('may redirect to the origins of REDIRECT_ORIGINS only, in production too', async () => {
    const session = await productionSession({ REDIRECT_ORIGINS: 'https://app.example.com' })
    expect(await session.plan('https://app.example.com/done')).not.toContain('is not')
    expect(await session.plan('https://evil.test/')).toContain('is not on an allowed origin')
  })

  test('may redirect nowhere in production if REDIRECT_ORIGINS is not set; an API key may', async () => {
    const session = await productionSession({})
    expect(await session.plan('https://app.example.com/done')).toContain(
      'is not allowed: neither the session nor REDIRECT_ORIGINS names one',
    )
    expect(await session.planAsKey('https://app.example.com/done')).not.toContain('redirectUri')
  })

  test('may redirect anywhere outside production', async () => {
    const { gateway, id } = await open()
    const session = await asEndUser(gateway, 'ada')
    await expectAnswers(session, { url: 'https://anywhere.example.com/', id, isAllowed: true })
  })
})

/** A gateway in production mode, without providers: redirect URIs are checked before the catalogue. */
async function productionSession(env: Record<string, string>) {
  const gateway: TestGateway = await startTestGateway({
    env: { ...production, GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32), ...productionProvider, ...env },
  })
  const { query } = await asEndUser(gateway, 'ada')
  const document = operationsOf('redirectUri')[3] ?? ''
  const asKey = document.replace('input: {', 'input: { endUser: { id: "ada" },')
  return {
    plan: async (url: string) => (await query(document, { url })).text,
    planAsKey: async (url: string) => (await gateway.post(asKey, { url })).text(),
  }
}

const productionProvider = {
  PIPEDREAM_CLIENT_ID: 'id',
  PIPEDREAM_CLIENT_SECRET: 'secret',
  PIPEDREAM_PROJECT_ID: 'proj_1',
  PIPEDREAM_BASE_URL: 'http://127.0.0.1:9',
}

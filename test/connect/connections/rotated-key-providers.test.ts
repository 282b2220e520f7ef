import type { IncomingHttpHeaders } from 'node:http'
import { beforeAll, expect, test } from 'vitest'
import type { ProviderKey } from '../../../src/domain/provider-key.ts'
import { definitionByKey } from '../../../src/providers/index.ts'
import { providerFixtures } from '../../fixtures/providers.ts'
import { createTestClock } from '../../helpers/clock.ts'
import { testDatabase } from '../../helpers/database.ts'
import { followReturnUrl, submitProviderPage } from '../../helpers/gateway.ts'
import { listen, readBody } from '../../helpers/listen.ts'
import { providerVariants } from '../../helpers/providers.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

const suffix = '-rotated'
const tag = { key: 'plan', value: 'pro' }
const withoutSuffix = (text: string) => text.replaceAll(suffix, '')
const decode = (base64: string) => Buffer.from(base64, 'base64').toString()
const encode = (text: string) => Buffer.from(text).toString('base64')

/** The headers that providers read. HTTP Basic authorization is Base64. */
function headersOf({ authorization = '', ...headers }: IncomingHttpHeaders): Record<string, string> {
  const [scheme = '', value = ''] = authorization.split(' ')
  const credentials = scheme === 'Basic' ? encode(withoutSuffix(decode(value))) : withoutSuffix(value)
  const others = ['accept', 'content-type', 'x-api-key', 'x-pd-environment'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, withoutSuffix(String(headers[name]))]],
  )
  return {
    ...Object.fromEntries(others),
    ...(authorization && { authorization: `${scheme} ${credentials}` }),
  }
}

/** A sandbox that accepts each of its keys with the suffix too, as a key of the same account. */
async function openTwoKeySandbox() {
  const clock = createTestClock()
  let target = new URL('http://127.0.0.1')
  const url = await listen(async (request, response) => {
    const body = withoutSuffix(await readBody(request))
    const answer = await fetch(new URL(request.url ?? '', target), {
      method: request.method ?? 'GET',
      headers: headersOf(request.headers),
      ...(body && { body }),
      redirect: 'manual',
    })
    for (const name of ['content-type', 'location', 'date']) {
      const value = answer.headers.get(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.writeHead(answer.status).end(await answer.text())
  })
  const sandbox = await openSandbox({ clock, pagesUrl: url })
  target = sandbox.url
  return { clock, sandbox, url }
}

/** The settings of a real account at that URL. */
const settingsOf = (provider: ProviderKey, environment: Record<string, string>, url: URL) => ({
  ...environment,
  ...(definitionByKey[provider].sandboxVariables(url.origin, environment) as Record<string, string>),
})

/** The settings with another key. */
const rotate = (settings: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      /_(API_KEY|API_SECRET|CLIENT_ID|CLIENT_SECRET)$/.test(name) ? value + suffix : value,
    ]),
  )

test.each(providerVariants)(
  '%s %j: another key of the account keeps connections, end users and links',
  async (provider, environment) => {
    const { clock, sandbox, url } = await openTwoKeySandbox()
    const env = settingsOf(provider, environment, url)
    const { connectorKey } = providerFixtures[provider]
    const first = await openGateway({ env, sandbox, clock })
    const link = await first.createLink(provider, connectorKey, { tags: [tag] })
    const { location } = await submitProviderPage(link.url, 'approve')
    if (location !== null) await followReturnUrl(location)
    const before = (await first.list({ tag })).nodes
    expect(before).toMatchObject([{ status: 'ACTIVE', endUser: { id: 'user-1' } }])
    const openLink = await first.createLink(provider, connectorKey, { endUser: { id: 'user-2' } })
    await first.close()

    const second = await openGateway({ env: rotate(env), sandbox, clock, keepData: true })
    expect((await second.list({ tag })).nodes).toMatchObject([
      { id: before[0]?.id, status: 'ACTIVE', endUser: { id: 'user-1' } },
    ])
    const opened = await submitProviderPage(openLink.url.replace(/^.*(?=\/connect\/)/, second.url), 'approve')
    if (opened.location !== null)
      await followReturnUrl(opened.location.replace(new URL(first.url).origin, second.url))
    const after = (await second.list({ providers: [provider] })).nodes
    expect(after.map(({ endUser, status }) => [endUser?.id, status])).toEqual([
      ['user-2', 'ACTIVE'],
      ['user-1', 'ACTIVE'],
    ])
    expect(await second.readLink(openLink.id)).toMatchObject({ status: 'COMPLETED' })
  },
)

test.each(providerVariants)(
  '%s %j: another key of the account keeps an open link before the first connection',
  async (provider, environment) => {
    const { clock, sandbox, url } = await openTwoKeySandbox()
    const env = settingsOf(provider, environment, url)
    const first = await openGateway({ env, sandbox, clock })
    const link = await first.createLink(provider, providerFixtures[provider].connectorKey)
    expect((await first.list({ providers: [provider] })).nodes).toEqual([])
    await first.close()

    const second = await openGateway({ env: rotate(env), sandbox, clock, keepData: true })
    expect((await second.list({ providers: [provider] })).nodes).toEqual([])
    const opened = await submitProviderPage(link.url.replace(/^.*(?=\/connect\/)/, second.url), 'approve')
    if (opened.location !== null)
      await followReturnUrl(opened.location.replace(new URL(first.url).origin, second.url))
    // The next sync lists the connection, the next poll completes the link.
    await second.list({}, { afterSeconds: 301 })
    expect((await second.list({ providers: [provider] })).nodes).toMatchObject([
      { status: 'ACTIVE', endUser: { id: 'user-1' } },
    ])
    expect(await second.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })
  },
)

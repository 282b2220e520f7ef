import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { InvalidInputError } from '../../src/domain/errors.ts'
import type { HttpRequest } from '../../src/http/http-types.ts'
import type { LinkOutcome } from '../../src/providers/adapter.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import { xpanderConnectors } from '../../src/sandbox/vendors/xpander/connector-list.ts'
import * as responses from '../fixtures/xpander.ts'
import { cannedProvider, linkRequest } from './canned.ts'
import { call, openProvider } from './open.ts'

const connectorByName = (connectorName: string) => {
  const connectorKey = xpanderConnectors.find(({ name }) => name === connectorName)?.id ?? ''
  return { connectorKey, connectorName }
}

const connectionHint = 'An API key of Stripe'
const linkId = 'b1e0c3a2-5c0e-4b5e-9d1c-0a1b2c3d4e5f'
const name = 'Ada Lovelace · 2c3d4e5f'

const setup = {
  definition: xpander,
  linkDefaults: { ...connectorByName('Stripe'), direction: 'TOOL' },
} as const

const securityIssue = (message: string) => [{ path: ['input', 'xpander', 'security'], message }]

async function issuesOf(creation: Promise<LinkOutcome>) {
  const error = await creation.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof InvalidInputError ? error.issues : error
}

describe.each(['connectors', 'tools'])('a connector without OAuth in the API family "%s"', (family) => {
  const inFamily = { ...setup, environment: { XPANDER_API_FAMILY: family } }

  test('without credentials gets its own page and creates nothing at xpander', async () => {
    const provider = await openProvider(inFamily)
    const { url, instructions, requiresProviderLogin } = await provider.openLink({ linkId, connectionHint })
    expect(url).toBe(
      `${provider.sandbox.url.origin}/xpander/connectors/${connectorByName('Stripe').connectorKey}`,
    )
    expect(requiresProviderLogin).toBe(true)
    expect(instructions).toBe(
      `An API key of Stripe. Name the connection "${name}". Make it available to the whole organization.`,
    )
    expect((await provider.requests()).map(({ method }) => method)).toEqual(['GET'])
    expect(await provider.connections()).toEqual([])
  })

  test('is completed by the connection with the name of the instructions', async () => {
    const { adapter, ...provider } = await openProvider(inFamily)
    const { url, link } = await provider.openLink({ linkId })
    await provider.decide(url, 'approve', { name: 'Another', api_key: 'key' })
    expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'candidates' })
    await provider.decide(url, 'approve', { name, api_key: 'key' })
    expect(await adapter.checkLink(link, call)).toMatchObject({ kind: 'completed', connection: { name } })
  })

  test('that needs no credentials is connected at once with empty ones', async () => {
    const provider = await openProvider(inFamily)
    const options = { security: {} }
    expect(await provider.createLink({ ...connectorByName('HackerNews'), options })).toMatchObject({
      kind: 'connected',
    })
    expect(await provider.createLink(connectorByName('HackerNews'))).toMatchObject({ kind: 'open' })
  })

  test('is not connected with empty credentials if it needs some', async () => {
    const provider = await openProvider(inFamily)
    const creation = provider.createLink({ connectionHint, options: { security: {}, headers: {} } })
    expect(await issuesOf(creation)).toEqual(securityIssue(`is required: ${connectionHint}`))
    expect(await provider.requests()).toEqual([])
  })
})

test('options that have no effect on a page are reported', async () => {
  const provider = await openProvider(setup)
  const { ignoredOptions } = await provider.openLink({ options: { version: '3', name: 'N', headers: null } })
  expect(ignoredOptions?.map(({ path }) => path)).toEqual([['xpander', 'version']])
})

test('a link to a personal connection does not ask for an organizational one', async () => {
  const provider = await openProvider(setup)
  const { instructions } = await provider.openLink({ linkId, options: { accessScope: 'PERSONAL' } })
  expect(instructions).toBe(`Name the connection "${name}".`)
})

test('a connector that is not ready is refused without a request to connect it', async () => {
  const provider = await openProvider(setup)
  await expect(provider.createLink(connectorByName('Workday'))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: 'xpander cannot connect "Workday" yet.',
  })
})

describe('without a known address of the platform', () => {
  const createLink = async (hint: string | null) => {
    const items = [{ ...responses.slack, connection_hint: hint }]
    const list = { ...responses.list, items }
    const adapter = await cannedProvider(xpander, { 'GET /v1/tools': list }, { XPANDER_APP_URL: undefined })
    return adapter.createLink(linkRequest({ connectorKey: responses.slackId }), call)
  }

  test('a connector without OAuth requires credentials, in the words of the hint', async () => {
    expect(await issuesOf(createLink(' Bot token '))).toEqual(securityIssue('is required: Bot token'))
    const [issue] = [await issuesOf(createLink(null))].flat()
    expect(issue).toMatchObject({
      message: expect.stringMatching(/^is required: the credentials of .*apiKey/),
    })
  })
})

test('the page of a link is on the platform of the real API', async () => {
  const pageOf = (variables: Record<string, string>) => {
    const settings = xpander.parseSettings({ XPANDER_API_KEY: 'key', ...variables })
    if (!settings.ok) throw new Error('invalid')
    const list = { ...responses.list, items: [responses.slack] }
    const send = async ({ responseSchema }: HttpRequest<z.ZodType>) => responseSchema.parse(list)
    const http = () => ({ send, find: send }) as never
    const log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} }
    const { adapter } = settings.bind({
      http,
      log,
      now: () => new Date(),
      toGatewayTime: () => null,
      sandbox: false,
      trustedOrigins: [],
    })
    return adapter.createLink(linkRequest({ connectorKey: responses.slackId }), call)
  }
  const path = `/connectors/${responses.slackId}`
  expect(await pageOf({})).toMatchObject({ url: `https://app.xpander.ai${path}` })
  const own = {
    XPANDER_BASE_URL: 'https://api.xpander.example',
    XPANDER_APP_URL: 'https://app.xpander.example/',
  }
  expect(await pageOf(own)).toMatchObject({ url: `https://app.xpander.example${path}` })
})

import { expect } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import { ConnectionsDocument, ConnectLinkDocument, type ProviderKey } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { listen } from '../helpers/listen.ts'
import { capabilitiesOf, providerVariants } from '../helpers/providers.ts'
import { createTestLink, type TestLink } from '../server/pages/visit.ts'

/** Selector of the approve button on the sandbox's pages. */
export const approve = 'button[name=decision][value=approve]'

/** Selector of the deny button on the sandbox's pages. */
export const deny = 'button[name=decision][value=deny]'

/** Providers that redirect back, each with the environment to run it under. */
export const redirecting = providerVariants.filter(([key, env]) => capabilitiesOf(key, env).successRedirect)

/** Creates a link for the connector of the provider's fixture; returns it with the name of the connector. */
export async function createLinkTo(gateway: TestGateway, provider: ProviderKey, redirectUri: string | null) {
  const { connectorKey: connector, connectorName, newLink } = providerFixtures[provider]
  const { direction } = newLink
  const link = await createTestLink(gateway, provider, { connector, redirectUri, direction })
  return { link, connectorName }
}

/** Starts a server in place of the application; returns a redirect URI of it. */
export async function startApplication(): Promise<string> {
  const { origin } = await listen((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>Application</title><h1>Back at the application: ${request.url}</h1>`)
  })
  return `${origin}/back?state=1`
}

/** The query parameters of a redirect to the application. */
export const resultParamsOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

/** Expects that the link has completed, and that the list of connections contains only its connection. */
export async function expectListed({ send }: TestGateway, provider: ProviderKey, { globalId }: TestLink) {
  const { connectLink } = await send(ConnectLinkDocument, { id: globalId })
  expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
  const { connections } = await send(ConnectionsDocument, {})
  expect(connections?.nodes).toMatchObject([
    {
      id: connectLink?.connection?.id,
      status: 'ACTIVE',
      provider: { key: provider },
      endUser: { id: 'user-1' },
    },
  ])
}

const allStatuses = ['CREATED', 'OPENED', 'AUTHORIZING', 'COMPLETED']

/**
 * Expects all statuses up to COMPLETED; without AUTHORIZING if a webhook or poll completed the link before the return.
 */
export function expectCompletedInOrder(statuses: readonly string[]): void {
  expect(statuses).toEqual(
    allStatuses.filter((status) => status !== 'AUTHORIZING' || statuses.includes(status)),
  )
}

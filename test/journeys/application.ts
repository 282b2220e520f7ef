import { expect } from 'vitest'
import { ConnectionsDocument, ConnectLinkDocument, type ProviderKey } from '../generated/graphql.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { listen } from '../helpers/listen.ts'
import type { MadeLink } from '../server/pages/visit.ts'

/** The button on the sandbox's pages. */
export const approve = 'button[name=decision][value=approve]'

/** The page of the application that the end user comes from. */
export async function application(): Promise<string> {
  const { origin } = await listen((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>Application</title><h1>Back at the application: ${request.url}</h1>`)
  })
  return `${origin}/back?state=1`
}

/** What the application is told with the browser that comes back. */
export const resultOf = (address: string) => Object.fromEntries(new URL(address).searchParams)

/** The link is done, and its connection is the one that is listed. */
export async function expectListed({ send }: TestGateway, provider: ProviderKey, { globalId }: MadeLink) {
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

const wholeLife = ['CREATED', 'OPENED', 'AUTHORIZING', 'COMPLETED']

/** A link that came to its good end in order; a provider's own report may be there before the browser is back. */
export function expectLife(steps: readonly string[]): void {
  expect(steps).toEqual(wholeLife.filter((step) => step !== 'AUTHORIZING' || steps.includes(step)))
}

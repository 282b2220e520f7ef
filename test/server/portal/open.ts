import { CreatePortalSessionDocument, type CreateSessionInput } from '../../generated/graphql.ts'
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../helpers/gateway.ts'
import { navigation, ownForm, type PageResponse, visit } from '../pages/visit.ts'

export const returnUrl = 'http://127.0.0.1:1/back'

/** Creates a session; returns its token and the address of its portal. */
export async function createPortal({ send }: TestGateway, input: Partial<CreateSessionInput> = {}) {
  const { createSession } = await send(CreatePortalSessionDocument, {
    input: { endUser: { id: 'user-1' }, returnUrl, ...input },
  })
  if (createSession.__typename !== 'CreateSessionPayload') throw new Error(JSON.stringify(createSession))
  return createSession
}

/** A gateway whose catalogue has been synced, with the portal of one session. */
export async function openPortal(options: TestGatewayOptions = {}, input: Partial<CreateSessionInput> = {}) {
  const gateway = await startTestGateway(options)
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  const { portalUrl, token } = await createPortal(gateway, input)
  return { gateway, portalUrl, token, ...visitorOf(portalUrl) }
}

/** A browser without scripts in the portal at that address. */
export const visitorOf = (portalUrl: string) => ({
  get: (path = '', headers: Record<string, string> = {}): Promise<PageResponse> =>
    visit(`${portalUrl}${path}`, { headers: { ...navigation, ...headers } }),
  submit: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    visit(`${portalUrl}${path}`, {
      method: 'POST',
      headers: { ...ownForm, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    }),
})

/** The value of a hidden field on a page. */
export const fieldOf = ({ text }: PageResponse, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''

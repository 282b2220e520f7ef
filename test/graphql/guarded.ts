import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { z } from 'zod'
import { connectionStatuses } from '../../src/domain/statuses.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import type { ProviderKey } from '../generated/graphql.ts'
import { startTestGateway, submitProviderPage, type TestGateway } from '../helpers/gateway.ts'
import { capabilitiesOf, providerVariants } from '../helpers/providers.ts'
import { applicationOrigin, createBrowser, type TestBrowser } from '../server/pages/browser.ts'
import { asEndUser, type EndUser } from './as-end-user.ts'
import { postQuery } from './open.ts'

/** Each provider that redirects, with the environment of each variant of its API. */
export const redirecting = providerVariants.filter(([key, env]) => capabilitiesOf(key, env).successRedirect)

/** A gateway, a session of mallory that outlasts a hold, and browsers of mallory and of the victim. */
export async function startGuarded(env: Record<string, string> = {}) {
  const gateway = await startTestGateway({ env: { CORS_ORIGINS: applicationOrigin, ...env } })
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  const mallory = await asEndUser(gateway, 'mallory', { expiresInSeconds: 86_400 })
  return { gateway, mallory, own: createBrowser(), other: createBrowser() }
}

const linkShape = z.object({ id: z.string(), url: z.string().nullable() })

/** Creates a link, by default with the guard SAME_BROWSER. Throws if the result is an error. */
export async function createGuardedLink(
  caller: Pick<EndUser, 'query'>,
  provider: ProviderKey,
  input: Record<string, unknown> = {},
) {
  const { connectorKey: connector, newLink } = providerFixtures[provider]
  const { data, text } = await caller.query(
    `mutation ($provider: ProviderKey!, $input: CreateConnectLinkInput!) {
      createConnectLink(provider: $provider, input: $input) {
        ... on CreateConnectLinkPayload { connectLink { id url } } ... on InvalidInputError { issues { path message } } ... on Error { code message } } }`,
    { provider, input: { connector, direction: newLink.direction, guard: 'SAME_BROWSER', ...input } },
  )
  const { data: payload } = z.object({ connectLink: linkShape }).safeParse(data?.createConnectLink)
  if (payload === undefined) throw new Error(text)
  return { id: payload.connectLink.id, url: payload.connectLink.url ?? '' }
}

export async function claim(session: EndUser, id: string): Promise<string> {
  const { data, text } = await session.query(
    'mutation ($id: ID!) { claimConnectLink(id: $id) { ... on ClaimConnectLinkPayload { claim } ... on Error { code message } } }',
    { id },
  )
  const { data: payload } = z.object({ claim: z.string() }).safeParse(data?.claimConnectLink)
  if (payload === undefined) throw new Error(text)
  return payload.claim
}

/** Opens the link in the browser, from the application if there is a claim. Returns the provider's URL. */
export async function openIn(browser: TestBrowser, url: string, claimCode?: string): Promise<string> {
  if (claimCode !== undefined) expect((await browser.submitClaim(url, claimCode)).status).toBe(200)
  const { headers } = await browser.navigate(url)
  if (headers.location === undefined) throw new Error('the link does not redirect')
  return headers.location
}

/** Approves on the provider's page; the browser returns to the gateway. */
export async function approveIn(browser: TestBrowser, providerUrl: string) {
  const { location } = await submitProviderPage(providerUrl, 'approve')
  const returnUrl = location ?? ''
  return { returnUrl, page: await browser.navigate(returnUrl) }
}

const stateShape = z.object({
  status: z.string(),
  awaitingConfirmation: z.boolean(),
  confirmationExpiresAt: z.string().nullable(),
  connection: z.object({ id: z.string() }).nullable(),
  lastFailure: z.object({ code: z.string() }).nullable(),
  history: z.array(z.object({ to: z.string(), reason: z.string().nullable() })),
})

const stateQuery = `query ($id: ID!) { connectLink(id: $id) {
  status awaitingConfirmation confirmationExpiresAt connection { id } lastFailure { code } history { to reason } } }`

/** The link as the caller sees it. */
export async function stateOf(caller: Pick<EndUser, 'query'>, id: string) {
  const { data } = await caller.query(stateQuery, { id })
  return stateShape.parse(data?.connectLink)
}

export const asApiKey = (gateway: TestGateway): Pick<EndUser, 'query'> => ({
  query: (query, variables = {}) => postQuery(gateway, query, variables),
})

const listShape = z.object({
  totalCount: z.number(),
  nodes: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      endUser: z.object({ id: z.string() }).nullable(),
    }),
  ),
})

export async function connectionsOf(caller: Pick<EndUser, 'query'>) {
  const { data } = await caller.query(
    'query ($filter: ConnectionFilter) { connections(filter: $filter) { totalCount nodes { id status endUser { id } } } }',
    { filter: { statuses: connectionStatuses } },
  )
  return listShape.parse(data?.connections)
}

const confirmQuery = `mutation ($id: ID!, $code: String, $codeVerifier: String) {
  confirmConnectLink(id: $id, code: $code, codeVerifier: $codeVerifier) { __typename
    ... on ConfirmConnectLinkPayload { connectLink { status connection { id } } }
    ... on ConflictError { attemptsLeft } ... on InvalidInputError { issues { path } } ... on Error { code } } }`

export async function confirm(
  caller: Pick<EndUser, 'query'>,
  id: string,
  secret: { readonly code?: string; readonly codeVerifier?: string },
) {
  return (await caller.query(confirmQuery, { id, ...secret })).data?.confirmConnectLink
}

/** A PKCE code verifier and its challenge. */
export function newPkce() {
  const codeVerifier = randomBytes(32).toString('base64url')
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') }
}

/** A code that is not that one. */
export const anotherCode = (code: string) => (code === '000000' ? '000001' : '000000')

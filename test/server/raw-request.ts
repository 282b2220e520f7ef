import { startTestGateway, type TestGateway, testApiKey } from '../helpers/gateway.ts'

export const withKey = { authorization: `Bearer ${testApiKey}` }
export const asJson = { 'content-type': 'application/json', ...withKey }

/** A gateway with all providers off: it starts faster, and its HTTP interface is the same. */
export const startWithoutProviders = (env: Record<string, string> = {}): Promise<TestGateway> =>
  startTestGateway({ env: { SANDBOX: 'off', ...env } })

export interface TextResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Code of the first GraphQL error. */
  readonly code: string | undefined
}

export interface Init extends RequestInit {
  /** Required by `fetch` for streamed bodies, and missing in the DOM types. */
  readonly duplex?: 'half'
}

/** Sends one request without following redirects. */
export async function sendRequest(url: string, init: Init = {}): Promise<TextResponse> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, code: errorCodeIn(text) }
}

/** Sends any body to the GraphQL endpoint. */
export const postGraphQL = ({ url }: TestGateway, body: string, headers: Record<string, string> = {}) =>
  sendRequest(`${url}/graphql`, { method: 'POST', headers: { ...asJson, ...headers }, body })

function errorCodeIn(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  const { errors = [] }: { errors?: { extensions?: { code?: string } }[] } = JSON.parse(text)
  return errors[0]?.extensions?.code
}

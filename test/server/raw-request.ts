import { request as httpRequest } from 'node:http'
import { startTestGateway, type TestGateway, testApiKey } from '../helpers/gateway.ts'

export const withKey = { authorization: `Bearer ${testApiKey}` }
export const asJson = { 'content-type': 'application/json', ...withKey }

/** A gateway whose providers are all switched off: it starts in no time, and the door is the same. */
export const startDoor = (env: Record<string, string> = {}): Promise<TestGateway> =>
  startTestGateway({ env: { SANDBOX: 'off', ...env } })

export interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The first GraphQL error's code. */
  readonly code: string | undefined
}

export interface Init extends RequestInit {
  /** Needed for streamed bodies, and missing in the browser's types. */
  readonly duplex?: 'half'
}

/** One request that follows no redirect. */
export async function ask(url: string, init: Init = {}): Promise<Asked> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, code: codeIn(text) }
}

/** Sends any body to the GraphQL endpoint. */
export const askGraphQL = ({ url }: TestGateway, body: string, headers: Record<string, string> = {}) =>
  ask(`${url}/graphql`, { method: 'POST', headers: { ...asJson, ...headers }, body })

function codeIn(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  const { errors = [] }: { errors?: { extensions?: { code?: string } }[] } = JSON.parse(text)
  return errors[0]?.extensions?.code
}

/** A GET with headers that fetch would not send as they are, `Host` above all. */
export function getAs(url: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers, agent: false }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve(Buffer.concat(chunks).toString())
    })
    request.on('error', reject).end()
  })
}

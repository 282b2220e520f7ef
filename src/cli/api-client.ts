import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readClientSettings } from '../app/client-settings.ts'
import { CommandError } from './command-error.ts'
import { storedKeys } from './dev-keys.ts'

/** The gateway could not be reached, or cannot answer at the moment: a later call may succeed. */
export class GatewayUnavailableError extends CommandError {}

export interface ApiClient {
  /** Origin and path of the gateway. */
  readonly url: string
  /**
   * Runs a published operation (schema/operations) and returns its data. Throws GatewayUnavailableError, and CommandError
   * for every other error.
   */
  run<Schema extends z.ZodType>(operation: string, variables: object, data: Schema): Promise<z.output<Schema>>
}

/** Longer than the gateway's longest execution by default, 30 s. */
const timeoutMs = 40_000

/** A client of a running gateway: GATEWAY_URL and GATEWAY_API_KEY, by default that of this machine. Throws CommandError. */
export function createApiClient(): ApiClient {
  const settings = readClientSettings()
  const url = settings.url.href.replace(/\/$/, '')
  const apiKey = settings.apiKey ?? (settings.isLocal ? (storedKeys(settings.dataDir)?.apiKey ?? null) : null)
  if (apiKey === null)
    throw new CommandError(
      `No API key for ${url}: set GATEWAY_API_KEY, or for a gateway that generated its key DATA_DIR to its data folder.`,
    )
  const documents = readDocuments()
  return {
    url,
    async run(operation, variables, data) {
      const query = documents.find((text) => new RegExp(`\\b(query|mutation) ${operation}\\b`).test(text))
      const response = await send(url, { apiKey, body: { operationName: operation, query, variables } })
      return read(url, response, data)
    },
  }
}

/** The texts of the published operations. */
const readDocuments = (): readonly string[] =>
  Object.values(
    JSON.parse(readFileSync(new URL('../../schema/persisted-documents.json', import.meta.url), 'utf8')),
  )

function send(url: string, { apiKey, body }: { readonly apiKey: string; readonly body: object }) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  // Redirects are not followed: they would lead the key to another host.
  const request = { method: 'POST', headers, body: JSON.stringify(body), redirect: 'manual' } as const
  return fetch(`${url}/graphql`, { ...request, signal: AbortSignal.timeout(timeoutMs) }).catch(() => {
    throw new GatewayUnavailableError(
      `No gateway answers at ${url}: start one with "connect-gateway serve", or set GATEWAY_URL.`,
    )
  })
}

const bodySchema = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
})

async function read<Schema extends z.ZodType>(url: string, response: Response, data: Schema) {
  const { status } = response
  if (status === 401)
    throw new CommandError(`${url} does not accept the API key: see GATEWAY_API_KEY and DATA_DIR.`)
  if (status === 429 || status === 503)
    throw new GatewayUnavailableError(`${url} cannot answer at the moment (HTTP ${status}): try again.`)
  const body = bodySchema.safeParse(await response.json().catch(() => undefined)).data
  if (body?.errors?.[0]) throw new CommandError(body.errors[0].message)
  const parsed = data.safeParse(body?.data)
  if (!parsed.success)
    throw new CommandError(`What answers at ${url} is no gateway of this version (HTTP ${status}).`)
  return parsed.data
}

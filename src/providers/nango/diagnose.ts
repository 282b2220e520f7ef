import { z } from 'zod'
import { ProviderError } from '../../domain/provider-error.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { Diagnosis } from '../adapter.ts'
import { lenient } from '../lenient.ts'

const scopeOf = {
  integrations: 'environment:integrations:list',
  connections: 'environment:connections:list',
  connection: 'environment:connections:read',
  sessions: 'environment:connect_sessions:write',
} as const

const readsCredentials =
  'The key of NANGO_SECRET_KEY may read the credentials of connections, which the gateway does not need: use a key without the scope environment:connections:read_credentials.'

const firstConnection = z.object({
  connections: z.array(z.object({ connection_id: z.string(), provider_config_key: z.string() })),
})

/** Only whether there are credentials: their values are not part of the output. */
const credentialsOf = z.object({
  credentials: lenient(z.record(z.string(), z.unknown())).transform(
    (fields) => Object.keys(fields ?? {}).length > 0,
  ),
})

/**
 * Compares the scopes of the key with those that the gateway needs. Whether it may read credentials is known only if there
 * is a connection.
 */
export async function diagnose(
  http: HttpClient,
  isThorough: boolean,
  call: RequestContext,
): Promise<readonly Diagnosis[]> {
  const findings: Diagnosis[] = []
  const check = 'rights'
  const purpose = 'inspect the scopes of the key'
  const get = <Schema extends z.ZodType>(url: string, schema: Schema, query = {}) =>
    http.send({ method: 'GET', path: url, query, responseSchema: schema, purpose, optional: true }, call)

  /** `null`: not a scope is missing, but the key is not accepted at all. */
  function addFailure(scope: string | null): void {
    const message =
      scope === null
        ? 'Nango does not accept the key of NANGO_SECRET_KEY.'
        : `The key of NANGO_SECRET_KEY lacks the scope ${scope}.`
    if (!findings.some((one) => one.message === message)) findings.push({ check, status: 'FAIL', message })
  }

  /** `undefined`: the key may not do it, or Nango does not answer. */
  async function attempt<Result>(scope: string, request: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await request()
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      if (error.code === 'PROVIDER_UNAUTHORIZED')
        addFailure(error.providerErrorCode === 'forbidden' ? scope : null)
      return undefined
    }
  }

  await attempt(scopeOf.integrations, () => get('/integrations', z.unknown()))
  const listed = await attempt(scopeOf.connections, () => get('/connections', firstConnection, { limit: 1 }))
  const [first] = listed?.connections ?? []
  const query = { provider_config_key: first?.provider_config_key }
  const connection =
    first &&
    (await attempt(scopeOf.connection, () =>
      get(path`/connections/${first.connection_id}`, credentialsOf, query),
    ))
  if (connection?.credentials) findings.push({ check, status: 'WARN', message: readsCredentials })
  if (isThorough) await attempt(scopeOf.sessions, () => tryToCreateSession(http, purpose, call))
  if (findings.length > 0 || listed === undefined) return findings
  return [{ check, status: 'PASS', message: 'The key has the scopes that the gateway needs.' }]
}

/** SEEN: this body is refused with status 400, after the check of the scope. */
const tryToCreateSession = (http: HttpClient, purpose: string, call: RequestContext) =>
  http.find(
    {
      method: 'POST',
      path: '/connect/sessions',
      body: { end_user: {} },
      responseSchema: z.unknown(),
      purpose,
      optional: true,
      isMissing: ({ status }) => status === 400,
    },
    call,
  )

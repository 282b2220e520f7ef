import { z } from 'zod'
import type { HttpClient } from '../../http/http-types.ts'
import { clientCredentials } from '../../http/token.ts'
import type { AdapterContext } from '../adapter.ts'

interface Client {
  readonly baseUrl: URL
  readonly environment: string
  readonly clientId: string
  readonly clientSecret: string
}

/** Creates a client whose calls share one OAuth access token. A separate client requests the token. */
export function createClient(client: Client, { http, now }: AdapterContext): HttpClient {
  const headers = { 'x-pd-environment': client.environment }
  const shared = {
    provider: 'PIPEDREAM',
    name: 'Pipedream',
    baseUrl: client.baseUrl,
    errorReader: {
      code: (body: unknown) => z.object({ code: z.string() }).safeParse(body).data?.code,
    },
  } as const
  const authorization = clientCredentials({
    http: http({ ...shared, authorization: { headers: async () => headers } }),
    path: '/v1/oauth/token',
    credentials: {
      client_id: client.clientId,
      client_secret: client.clientSecret,
    },
    now,
    headers,
  })
  return http({ ...shared, authorization })
}

import { z } from 'zod'
import { credentialsFor } from '../helpers/sandbox-credentials.ts'
import { run, temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

/**
 * Starts the sandbox in a process of its own, with `sandboxEnvironment`. Returns environments for gateways that use it,
 * which include `gatewayEnvironment`.
 */
export async function serveSandbox(
  gatewayEnvironment: Record<string, string> = {},
  sandboxEnvironment: Record<string, string> = {},
) {
  const store =
    gatewayEnvironment.DATABASE_URL === undefined ? await newStore() : { DATA_DIR: temporaryFolder() }
  const { DATA_DIR } = store
  const program = run('sandbox', { SANDBOX_PORT: '0', DATA_DIR, ...sandboxEnvironment })
  const [, origin = ''] = await program.line(/^The sandbox listens on (http:\S+) under/m)
  return {
    /** With credentials and base URLs: the gateway treats the sandboxed providers as real ones. */
    realEnvironment: { ...store, ...gatewayEnvironment, ...credentialsFor(origin) },
    /** With the port of the sandbox: the gateway finds the running sandbox. */
    environment: { ...store, SANDBOX_PORT: new URL(origin).port, ...gatewayEnvironment },
    control: (method: string, path: string, body?: object) =>
      fetch(`${origin}/__sandbox/${path}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
  }
}

export type SandboxProcess = Awaited<ReturnType<typeof serveSandbox>>

const requestsSchema = z.array(z.object({ method: z.string(), path: z.string() }))

/** The requests that the sandbox has received, as `POST /fivetran/v1/connections`. */
export async function requestsOf({ control }: Pick<SandboxProcess, 'control'>): Promise<readonly string[]> {
  const requests = requestsSchema.parse(await (await control('GET', 'requests')).json())
  return requests.map(({ method, path }) => `${method} ${path}`)
}

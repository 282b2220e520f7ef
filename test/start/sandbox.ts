import { z } from 'zod'
import { providerDefinitions } from '../../src/providers/index.ts'
import { run, temporaryFolder } from './process.ts'

/** The four fake providers in a process of their own, and the environment of gateways that use them. */
export async function serveSandbox(
  environment: Record<string, string> = {},
  own: Record<string, string> = {},
) {
  const DATA_DIR = temporaryFolder()
  const program = run('sandbox', { SANDBOX_PORT: '0', DATA_DIR, ...own })
  const [, origin = ''] = await program.line(/^The sandbox listens on (http:\S+) under/m)
  return {
    /** Gateways that know the providers by their credentials, and do not look for the sandbox. */
    asIfReal: { DATA_DIR, ...environment, ...credentialsAt(origin) },
    environment: { DATA_DIR, SANDBOX_PORT: new URL(origin).port, ...environment },
    control: (method: string, path: string, body?: object) =>
      fetch(`${origin}/__sandbox/${path}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
  }
}

const credentialsAt = (origin: string): Record<string, string> =>
  Object.fromEntries(
    providerDefinitions
      .flatMap((definition) => Object.entries(definition.sandboxVariables(origin, {})))
      .flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

export type SandboxProcess = Awaited<ReturnType<typeof serveSandbox>>

const seenShape = z.array(z.object({ method: z.string(), path: z.string() }))

/** What the sandbox was asked, as `POST /fivetran/v1/connections`. */
export async function seenBy({ control }: Pick<SandboxProcess, 'control'>): Promise<readonly string[]> {
  const seen = seenShape.parse(await (await control('GET', 'requests')).json())
  return seen.map(({ method, path }) => `${method} ${path}`)
}

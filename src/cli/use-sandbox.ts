import { join } from 'node:path'
import type { Config } from '../app/config.ts'
import { gatewayUrl } from '../connect/links/link-url.ts'
import type { EnvironmentEndpoint } from '../connect/outgoing-webhooks/environment-endpoint.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

export const needsSandbox = ({ providerModes }: Config) => Object.values(providerModes).includes('SANDBOX')

type SandboxConfig = Pick<Config, 'sandbox' | 'dataDir' | 'production'>

const sandboxFile = (dataDir: string) => join(dataDir, 'sandbox.json')

/** Finds the sandbox that another process with the same data folder already runs; `null` if there is none. */
export async function runningSandbox({ sandbox, dataDir, production }: SandboxConfig) {
  if (production || sandbox.port === 0) return null
  const { findSandbox } = await import('../sandbox/find-sandbox.ts')
  return findSandbox(sandbox.port, sandboxFile(dataDir))
}

export type UsedSandbox = Pick<Sandbox, 'url' | 'close'> &
  Partial<Pick<Sandbox, 'servePage'>> & { readonly pagesUrl: URL }

/** Returns the sandbox that is already running for this data folder, or starts one whose pages the gateway serves. */
export async function findOrStartSandbox(config: Config, publicUrl: URL): Promise<UsedSandbox> {
  const pagesUrl = new URL(gatewayUrl(publicUrl, 'sandbox'))
  const running = await runningSandbox(config)
  if (running) return { ...running, close: async () => undefined }
  return { ...(await startSandbox(config, pagesUrl)), pagesUrl }
}

/** The webhook endpoint of a sandbox: its inbox, unless the environment has an endpoint. */
export async function inboxOf({ url }: Pick<Sandbox, 'url'>): Promise<EnvironmentEndpoint> {
  const { inboxPath, inboxSecret } = await import('../sandbox/inbox.ts')
  return { url: `${url.origin}${inboxPath}`, secret: inboxSecret }
}

export type SharedSandbox = Pick<Sandbox, 'url' | 'close'>

/** Returns the sandbox that is already running for this data folder, or starts one that serves its pages itself. */
export async function sharedSandbox(config: Config): Promise<SharedSandbox> {
  const running = await runningSandbox(config)
  return running ? { ...running, close: async () => undefined } : startSandbox(config)
}

/** Starts a sandbox. `pagesUrl`: where the gateway serves its pages; by default it serves them itself. */
export async function startSandbox({ sandbox, dataDir }: SandboxConfig, pagesUrl?: URL): Promise<Sandbox> {
  // Imported on demand: production never loads the sandbox.
  const { startSandbox: start } = await import('../sandbox/sandbox.ts')
  return start({ ...sandbox, dataFile: sandboxFile(dataDir), ...(pagesUrl && { pagesUrl }) })
}

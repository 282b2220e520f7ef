import { readConfig } from '../../../src/app/config.ts'
import { createProviders } from '../../../src/app/create-providers.ts'
import { createLog } from '../../../src/app/log.ts'
import type { Connector } from '../../../src/connect/catalogue/connector.ts'
import { buildSearchIndex, type SearchIndex } from '../../../src/connect/catalogue/search/search-index.ts'
import type { ProviderKey } from '../../../src/domain/provider-key.ts'
import { backgroundWork } from '../../../src/http/http-types.ts'
import { providerDefinitions } from '../../../src/providers/index.ts'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'

/** Returns the connectors that all adapters list at a sandbox with `padTo` or more connectors per provider. */
export async function readSandboxConnectors(padTo = 0): Promise<ReadonlyMap<ProviderKey, Connector[]>> {
  const sandbox = await startSandbox({ port: 0, connectors: padTo })
  const { providers, close } = createProviders({
    config: readConfig(providerDefinitions, {}),
    log: createLog('silent'),
    sandbox: { url: sandbox.url, pagesUrl: sandbox.url },
    providerDeadlineMs: 60_000,
  })
  const byProvider = new Map<ProviderKey, Connector[]>()
  for (const { key: provider, adapter } of providers.configured) {
    const connectors: Connector[] = []
    for await (const { items } of adapter.listConnectors(backgroundWork())) {
      connectors.push(...items.map((connector) => ({ ...connector, provider })))
    }
    byProvider.set(provider, connectors)
  }
  await close()
  await sandbox.close()
  return byProvider
}

export const indexAll = (
  byProvider: ReadonlyMap<ProviderKey, Connector[]>,
): Promise<readonly SearchIndex[]> =>
  Promise.all([...byProvider].map(([provider, connectors]) => buildSearchIndex(provider, connectors)))

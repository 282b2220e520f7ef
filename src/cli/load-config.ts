import type { Config } from '../app/config.ts'

/** Reads and validates the environment; loads the provider definitions on demand. Throws ConfigError. */
export async function loadConfig(): Promise<Config> {
  const { readConfig } = await import('../app/config.ts')
  const { providerDefinitions } = await import('../providers/index.ts')
  return readConfig(providerDefinitions)
}

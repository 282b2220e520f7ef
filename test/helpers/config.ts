import { ConfigError, readConfig } from '../../src/app/config.ts'
import { perProvider } from '../../src/domain/provider-key.ts'
import type { Environment } from '../../src/providers/definition.ts'
import { providerDefinitions } from '../../src/providers/index.ts'

export const readEnvironment = (environment: Environment = {}) => readConfig(providerDefinitions, environment)

/** The problems that `readConfig` reports for an invalid environment. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    readEnvironment(environment)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [, ...lines] = error.message.split('\n')
    return lines.map((line) => line.trim())
  }
  throw new Error('the environment is valid')
}

export const allSandbox = perProvider(() => 'SANDBOX')
export const allOff = perProvider(() => 'OFF')

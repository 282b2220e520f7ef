import { ConfigError, readConfig } from '../../src/app/config.ts'
import type { Environment } from '../../src/providers/definition.ts'
import { providerDefinitions } from '../../src/providers/index.ts'

export const readEnvironment = (environment: Environment = {}) => readConfig(providerDefinitions, environment)

/** The lines that say what is wrong with an environment. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    readEnvironment(environment)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [, ...lines] = error.message.split('\n')
    return lines.map((line) => line.trim())
  }
  throw new Error('nothing was found wrong')
}

export const allSandbox = { FIVETRAN: 'SANDBOX', CENSUS: 'SANDBOX', PIPEDREAM: 'SANDBOX', XPANDER: 'SANDBOX' }
export const allOff = { FIVETRAN: 'OFF', CENSUS: 'OFF', PIPEDREAM: 'OFF', XPANDER: 'OFF' }

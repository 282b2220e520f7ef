import { providerDefinitions } from '../../src/providers/index.ts'

/** Credentials and base URLs with which a gateway treats the sandbox at an origin as the real providers. */
export const credentialsFor = (origin: string): Record<string, string> =>
  Object.fromEntries(
    providerDefinitions
      .flatMap((definition) => Object.entries(definition.sandboxVariables(origin, {})))
      .flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

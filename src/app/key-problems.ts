import type { Environment } from '../providers/definition.ts'

const minApiKeyLength = 32

/** In production no key is generated, and a short one could be guessed. */
export const keyProblems = (env: Environment): readonly string[] => [
  ...['GATEWAY_API_KEY', 'GATEWAY_ENCRYPTION_KEY']
    .filter((name) => env[name] === undefined)
    .map((name) => `${name} is required with NODE_ENV=production`),
  ...(env.GATEWAY_API_KEY !== undefined && env.GATEWAY_API_KEY.length < minApiKeyLength
    ? [
        `GATEWAY_API_KEY must have at least ${minApiKeyLength} characters with NODE_ENV=production, for example from: openssl rand -hex 32`,
      ]
    : []),
]

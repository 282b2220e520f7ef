import { isLoopbackHost } from '../domain/loopback.ts'
import { ConfigError, processEnvironment } from './config.ts'
import { variablesSchema } from './variables.ts'

/** How a command calls a running gateway. */
export interface ClientSettings {
  /** Base URL of the gateway, which may have a path. */
  readonly url: URL
  /** Whether it is on this machine, so that a key of its data folder may be sent to it. */
  readonly isLocal: boolean
  /** `null`: not set. */
  readonly apiKey: string | null
  readonly dataDir: string
}

const settingsSchema = variablesSchema.pick({
  PORT: true,
  HOST: true,
  DATA_DIR: true,
  GATEWAY_URL: true,
  GATEWAY_API_KEY: true,
})

/** Reads only these settings: a machine that calls a gateway need not have the others. Throws ConfigError. */
export function readClientSettings(environment = processEnvironment()): ClientSettings {
  const { success, data, error } = settingsSchema.safeParse(environment)
  if (!success)
    throw new ConfigError(error.issues.map(({ path, message }) => `${String(path[0])} ${message}`))
  const isAnyAddress = data.HOST === '0.0.0.0' || data.HOST === '::'
  const host = isAnyAddress ? '127.0.0.1' : data.HOST.includes(':') ? `[${data.HOST}]` : data.HOST
  const url = new URL(data.GATEWAY_URL ?? `http://${host}:${data.PORT}`)
  return {
    url,
    isLocal: data.GATEWAY_URL === undefined || isLoopbackHost(url.hostname),
    apiKey: data.GATEWAY_API_KEY ?? null,
    dataDir: data.DATA_DIR,
  }
}

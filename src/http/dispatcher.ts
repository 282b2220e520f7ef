import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { isLoopbackHost } from '../domain/loopback.ts'

/** How provider calls leave the network: the values of HTTP_PROXY, HTTPS_PROXY and NO_PROXY; empty: not set. */
export interface ProxySettings {
  /** For http addresses, and for https ones if `httpsProxy` is empty. May contain credentials. */
  readonly httpProxy: string
  readonly httpsProxy: string
  /** Hosts that are called directly, with their subdomains, separated by commas; "*" for all. */
  readonly noProxy: string
}

export const noProxies: ProxySettings = { httpProxy: '', httpsProxy: '', noProxy: '' }

export interface DispatcherOptions {
  readonly origin: URL
  readonly proxy: ProxySettings
  readonly connectTimeoutMs: number
  readonly connections: number
}

/** A connection pool for one client. Addresses of this machine, as that of the sandbox, are never called through a proxy. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { origin, proxy, connections } = options
  const connect = { timeout: options.connectTimeoutMs }
  if (isLoopbackHost(origin.hostname)) return new Agent({ connect, connections })
  return new EnvHttpProxyAgent({ ...proxy, connect, connections, proxyTls: connect })
}

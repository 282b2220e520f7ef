import type { Config } from '../app/config.ts'

/** The configured PUBLIC_URL, else the address that the gateway listens on. */
export const publicUrlOf = ({ publicUrl, host }: Config, port: number): URL =>
  publicUrl ?? new URL(`http://${hostForUrl(host)}:${port}`)

/** The host of an address that a gateway listens on, for a URL on the same machine. */
export const hostForUrl = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

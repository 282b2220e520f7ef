import { parseUrl } from '../domain/parse-url.ts'

/**
 * One URL for each host of a libpq URL with several ("postgres://a:5432,b:5432/db"); the URL itself if it has one, or a
 * socket folder.
 */
export function splitHosts(url: string): readonly string[] {
  const [, start = '', hosts = '', rest = ''] = /^(\w+:\/\/(?:[^/?#@]*@)?)([^/?#@]*)(.*)$/s.exec(url) ?? []
  return hosts.includes(',') ? hosts.split(',').map((host) => `${start}${host}${rest}`) : [url]
}

/**
 * One URL, of a host or a socket folder, as a URL object; `null` if it is not valid. libpq allows a user without a host
 * ("postgres://user@/db?host=/run/postgresql").
 */
export const parseDatabaseUrl = (url: string): URL | null => parseUrl(url.replace('@/', '@localhost/'))

/** The hosts of a database URL for messages, without user, password and parameters. */
export const hostsOf = (url: string): string =>
  splitHosts(url)
    .map((one) => {
      const { host = '', searchParams } = parseDatabaseUrl(one) ?? {}
      return searchParams?.get('host') || host || 'localhost'
    })
    .join(', ')

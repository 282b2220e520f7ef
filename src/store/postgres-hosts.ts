/**
 * One URL for each host of a libpq URL with several ("postgres://a:5432,b:5432/db"); the URL itself if it has one, or a
 * socket folder.
 */
export function splitHosts(url: string): readonly string[] {
  const [, start = '', hosts = '', rest = ''] = /^(\w+:\/\/(?:[^/?#@]*@)?)([^/?#@]*)(.*)$/s.exec(url) ?? []
  return hosts.includes(',') ? hosts.split(',').map((host) => `${start}${host}${rest}`) : [url]
}

/** The hosts of a database URL for messages, without user, password and parameters. */
export const hostsOf = (url: string): string =>
  splitHosts(url)
    .map((one) => {
      const { host, searchParams } = new URL(one)
      return host || searchParams.get('host') || 'localhost'
    })
    .join(', ')

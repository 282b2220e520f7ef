import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const prefix = 'cgw_'
/** 190 random bits. */
const randomLength = 32
/** 62^6 > 2^32. */
const checksumLength = 6

const format = new RegExp(`^${prefix}([0-9A-Za-z]{${randomLength}})([0-9A-Za-z]{${checksumLength}})$`)

/**
 * A new API key: the prefix `cgw_`, 32 random characters, and their CRC-32 as 6 characters, all in Base62. By prefix and
 * checksum, secret scanners find a leaked key without false alarms.
 */
export function newApiKey(): string {
  const random = Array.from({ length: randomLength }, () => base62.charAt(randomInt(base62.length))).join('')
  return `${prefix}${random}${checksumOf(random)}`
}

/** Whether the credentials are meant to be an API key of the store, as opposed to a session token. */
export const hasApiKeyPrefix = (credentials: string): boolean => credentials.startsWith(prefix)

/** Whether the checksum matches: a mistyped or truncated key needs no read of the store. */
export function isApiKey(text: string): boolean {
  const [, random, checksum] = format.exec(text) ?? []
  return random !== undefined && checksumOf(random) === checksum
}

function checksumOf(random: string): string {
  let rest = crc32(random)
  let text = ''
  while (text.length < checksumLength) {
    text = base62.charAt(rest % base62.length) + text
    rest = Math.floor(rest / base62.length)
  }
  return text
}

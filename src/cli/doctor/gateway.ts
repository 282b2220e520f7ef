import type { Config } from '../../app/config.ts'
import { gatewayUrl } from '../../connect/links/link-url.ts'
import { identityHeader } from '../../connect/util/gateway-identity.ts'
import { hostForUrl } from '../public-url.ts'
import { type Result, result } from './check.ts'
import { probe } from './probe.ts'

/** Whether the gateway answers at the address that it listens on. */
export async function checkLocal(
  { host, port }: Pick<Config, 'host' | 'port'>,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  if (port === 0) return [result('SKIP', 'running', 'PORT=0: the address of the gateway is not known.')]
  const address = `http://${hostForUrl(host)}:${port}`
  const { response, text } = await probeReadiness(new URL(address), signal)
  if (response === null) return [result('SKIP', 'running', `No gateway runs at ${address}.`)]
  if (isReady(response, text)) return [result('PASS', 'running', `The gateway at ${address} is ready.`)]
  if (readinessOf(text) !== null)
    return [result('WARN', 'running', `The gateway at ${address} is ${readinessOf(text)}: see its log.`)]
  return [result('FAIL', 'running', `Another program answers at ${address}: set PORT to another one.`)]
}

/**
 * Whether PUBLIC_URL leads to the gateway with this encryption key. `identities`: its IDs; `null`: the encryption key is not
 * known.
 */
export async function checkPublicUrl(
  { publicUrl, production }: Pick<Config, 'publicUrl' | 'production'>,
  identities: readonly string[] | null,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  if (publicUrl === null)
    return [
      production
        ? result(
            'FAIL',
            'address',
            'PUBLIC_URL is not set: links lead end users to an address of this machine.',
          )
        : result(
            'SKIP',
            'address',
            'PUBLIC_URL is not set: only browsers on this machine reach the gateway.',
          ),
    ]
  const isSafe = publicUrl.protocol === 'https:' || !production
  const set = isSafe
    ? result('PASS', 'address', `PUBLIC_URL is ${publicUrl.href}.`)
    : result('WARN', 'address', 'PUBLIC_URL is not https: links and sessions can be read on the way.')
  return [set, await checkReachable(publicUrl, identities, signal)]
}

async function checkReachable(
  publicUrl: URL,
  identities: readonly string[] | null,
  signal: AbortSignal,
): Promise<Result> {
  const { response, text, reason } = await probeReadiness(publicUrl, signal)
  const fail = (message: string) => result('FAIL', 'reachable', message)
  if (response === null)
    return fail(
      `PUBLIC_URL cannot be reached from here (${reason}): start the gateway, and check proxy and DNS.`,
    )
  if (readinessOf(text) === null)
    return fail(`What answers at PUBLIC_URL is no gateway (HTTP ${response.status}): check proxy and path.`)
  const identity = response.headers.get(identityHeader)
  if (identities === null)
    return result(
      'WARN',
      'reachable',
      'A gateway answers; without GATEWAY_ENCRYPTION_KEY it is not known which one.',
    )
  if (identity !== null && !identities.includes(identity))
    return fail('PUBLIC_URL leads to a gateway with another encryption key: check proxy and DNS.')
  if (!isReady(response, text)) return fail(`The gateway at PUBLIC_URL is ${readinessOf(text)}: see its log.`)
  if (identity === null)
    return result(
      'WARN',
      'reachable',
      `A gateway answers, but the proxy removes the header ${identityHeader}.`,
    )
  return result('PASS', 'reachable', 'PUBLIC_URL leads to this gateway, which is ready.')
}

async function probeReadiness(base: URL, signal: AbortSignal) {
  const answer = await probe(gatewayUrl(base, 'ready'), signal)
  if (answer.response === null) return { ...answer, text: '' }
  return { ...answer, reason: null }
}

/** The status that only a gateway sends; `null`: it is another program. */
const readinessOf = (text: string) =>
  /^\{"status":"(ready|not ready|starting|stopping)"\}$/.exec(text)?.[1] ?? null

const isReady = ({ ok }: Response, text: string) => ok && readinessOf(text) === 'ready'

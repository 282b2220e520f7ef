const codePattern = /^[A-Z][A-Z\d_]{2,60}$/
const proxyStatus = /^Proxy response \((\d{3})\)/

/**
 * What made a call fail, as a code of Node.js, OpenSSL or undici: ENOTFOUND, ECONNREFUSED, ECONNRESET, CERT_HAS_EXPIRED,
 * UND_ERR_CONNECT_TIMEOUT; PROXY_STATUS_407 for a proxy that did not open the connection. `undefined`: none is known.
 * The innermost error with a code counts. Contains no message, which could name credentials of a proxy.
 */
export function causeCode(error: unknown, depth = 5): string | undefined {
  if (!(error instanceof Error) || depth === 0) return undefined
  const status = proxyStatus.exec(error.message)?.[1]
  if (status !== undefined) return `PROXY_STATUS_${status}`
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return causeCode(inner, depth - 1) ?? (codePattern.test(code) ? code : undefined)
}

const unsentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Whether the error occurred before a connection was established: the request was not sent. */
export function isUnsent(error: unknown): boolean {
  const code = causeCode(error)
  return code !== undefined && (unsentCodes.has(code) || code.startsWith('PROXY_STATUS_'))
}

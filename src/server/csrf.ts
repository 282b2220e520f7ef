import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention'

/**
 * Headers that another site can send only after a CORS preflight. `Authorization` is one of them, and it is what
 * authenticates a request; the others are those that clients send to servers with cookies.
 */
export const csrfHeaders = [
  'authorization',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-requested-with',
  'graphql-require-preflight',
  'x-graphql-yoga-csrf',
] as const

/** Answers 403 to requests that another site could send without a preflight. */
export const useCsrfPrevention = () => useCSRFPrevention({ requestHeaders: [...csrfHeaders] })

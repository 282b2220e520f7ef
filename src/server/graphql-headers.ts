/** Headers of all responses of the GraphQL endpoint, which contain links: they must not be cached. */
export const graphqlHeaders = {
  'cache-control': 'no-store',
  'x-accel-buffering': 'no', // some proxies would buffer a stream
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** The ID of an object in the GraphQL API, in webhook messages and in the query of return URLs. */
export const encodeGlobalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64url')

/** The provider keys, as in the API and the database. The only list of providers besides `providers/index.ts`. */
export const providerKeys = ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'] as const

export type ProviderKey = (typeof providerKeys)[number]

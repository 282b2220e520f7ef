/** The connector providers, by the names that the API and the store use. The only list of them besides `providers/index.ts`. */
export const providerKeys = ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER'] as const

export type ProviderKey = (typeof providerKeys)[number]

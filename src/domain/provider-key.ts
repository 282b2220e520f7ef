/** The provider keys, as in the API and the database, in the order in which the API lists the providers. */
export const providerKeys = ['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER', 'NANGO', 'COMPOSIO'] as const

export type ProviderKey = (typeof providerKeys)[number]

/** A record with a value for each provider. */
export const perProvider = <Value>(toValue: (key: ProviderKey) => Value) =>
  Object.fromEntries(providerKeys.map((key) => [key, toValue(key)])) as Record<ProviderKey, Value>

import type { Diagnosis } from '../adapter.ts'

/** fivetran.com/docs/activations/rest-api/api-reference/migrate-v1-to-v2 */
const endOfV1 = new Date('2027-01-15T00:00:00Z')

/** Part of every workspace key. */
const workspaceKeyPrefix = 'secret-token:'

export interface CensusKey {
  readonly version: '1' | '2'
  readonly apiKey: string
}

/** The two versions of the API accept different kinds of keys, which their texts show. */
export function diagnose({ version, apiKey }: CensusKey, now: Date): readonly Diagnosis[] {
  const result = (status: Diagnosis['status'], message: string): readonly Diagnosis[] => [
    { check: 'API version', status, message },
  ]
  const isWorkspaceKey = apiKey.startsWith(workspaceKeyPrefix)
  if (version === '2' && isWorkspaceKey)
    return result(
      'FAIL',
      'CENSUS_API_KEY is a workspace key of version 1, and version 2 needs a personal access token: create one, or set CENSUS_API_VERSION=1.',
    )
  if (version === '1' && !isWorkspaceKey)
    return result(
      'FAIL',
      `CENSUS_API_KEY is no workspace key, which starts with ${workspaceKeyPrefix}: set CENSUS_API_VERSION=2 for a personal access token.`,
    )
  if (version === '2') return result('PASS', 'Version 2 of the API is used.')
  const move = 'move to version 2 with a personal access token and CENSUS_GROUP_ID.'
  return now < endOfV1
    ? result('WARN', `Version 1 of the API is switched off on 2027-01-15: ${move}`)
    : result('FAIL', `Version 1 of the API was switched off on 2027-01-15: ${move}`)
}

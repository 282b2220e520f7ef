import { type ConnectionUse, placeOf } from '../../domain/connection-use.ts'
import { apiUrl } from '../../http/http-types.ts'

/** What syncs that are set up at Census refer to; its example reads it. */
export const useReference = (
  baseUrl: URL,
  { name, path, remoteId }: { readonly name: string; readonly path: string; readonly remoteId: string },
): ConnectionUse => ({
  kind: 'REFERENCE',
  values: { [name]: remoteId },
  docsUrl: 'https://fivetran.com/docs/activations/rest-api',
  example: {
    method: 'GET',
    url: apiUrl(baseUrl, path),
    headers: { authorization: `Bearer ${placeOf('CENSUS_API_KEY')}` },
    body: null,
  },
})

import { z } from 'zod'
import { ProviderError } from '../../domain/provider-error.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'

const appResponse = z.object({ data: z.object({ name_slug: z.string().min(1) }) })

export type FindSlug = (appId: string | null | undefined, call: RequestContext) => Promise<string | null>

/** Creates a lookup of an app's slug by the app's ID, for accounts without a slug. `null`: it is not known. */
export function createFindSlug(http: HttpClient): FindSlug {
  const slugs = new Map<string, string | null>()

  async function readSlug(appId: string, call: RequestContext): Promise<string | null> {
    const request = {
      method: 'GET',
      path: path`/v1/connect/apps/${appId}`,
      responseSchema: appResponse,
      purpose: 'read a connector',
    } as const
    const slug = (await http.find(request, call))?.data.name_slug ?? null
    slugs.set(appId, slug)
    return slug
  }

  return async (appId, call) => {
    // Other IDs, such as `oa_…`, are those of OAuth clients.
    if (appId == null || !/^app_\w+$/.test(appId)) return null
    // Caught because a failed lookup must not fail the list that has the account; it is repeated for the next list.
    const known = slugs.get(appId)
    return known === undefined ? readSlug(appId, call).catch(unknownSlug) : known
  }
}

function unknownSlug(error: unknown): null {
  if (error instanceof ProviderError) return null
  throw error
}

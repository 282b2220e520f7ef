import type { IncomingMessage } from 'node:http'
import { readBody } from '../read-body.ts'
import type { PagesContext } from './pages-context.ts'

const bodyLimitBytes = 4_096

/**
 * The claim in a form that a page of the application has submitted; `null`: there is none. A browser does not let other
 * sites set the `Origin` header: a person who gets the claim from another person cannot use it by following a link.
 */
export async function claimOf(pages: PagesContext, request: IncomingMessage): Promise<string | null> {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  if (request.method !== 'POST' || !isForm || !isFromApplication(pages, request)) return null
  const body = await readBody(request, bodyLimitBytes)
  return new URLSearchParams(body?.toString() ?? '').get('claim')
}

function isFromApplication(
  { applicationOrigins, connect }: PagesContext,
  { headers }: IncomingMessage,
): boolean {
  // The gateway's own pages, whose `Origin` is "null".
  if (headers['sec-fetch-site'] === 'same-origin') return true
  return [...applicationOrigins, connect.publicUrl.origin].includes(headers.origin ?? '')
}

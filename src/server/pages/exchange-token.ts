import { isPrefetch } from './navigation.ts'
import { privateHeaders, sendPage } from './page.ts'
import { messagePage } from './page-text.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'

/**
 * Exchanges the start token in the query for a cookie, and redirects to the same address without it. Returns `false` if
 * the page is requested without a token, or if the gateway has none.
 */
export function exchangeStartToken(
  { startAccess }: PagesContext,
  { request, response }: HttpExchange,
): boolean {
  const [path = '/', search = ''] = (request.url ?? '/').split('?')
  const query = new URLSearchParams(search)
  const token = query.get('token')
  if (token === null || startAccess === null) return false
  if (startAccess.isGranted(request)) {
    redirect()
  } else if (request.method !== 'GET' || isPrefetch(request)) {
    // Browsers discard an error response to a prefetch, and request the page again at the navigation.
    sendPage(response, { ...messagePage(waiting), status: 503 })
  } else {
    const cookie = startAccess.exchange(token)
    if (cookie === null) sendPage(response, { ...messagePage(used), status: 403 })
    else redirect({ 'set-cookie': cookie })
  }
  return true

  function redirect(headers: Readonly<Record<string, string>> = {}): void {
    query.delete('token')
    const rest = query.size === 0 ? '' : `?${query}`
    // Relative, because a proxy may serve the gateway below a path.
    const location = `./${path.slice(path.lastIndexOf('/') + 1)}${rest}`
    response.writeHead(303, { ...privateHeaders, ...headers, location }).end()
  }
}

const waiting = { title: 'One moment', text: 'Open this page to continue.' }

const used = {
  title: 'This address no longer works',
  text: 'The address that the gateway prints when it starts can be opened once, in one browser. To get a new one, restart the gateway.',
}

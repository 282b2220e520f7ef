import type { Tab } from '../graphiql-tabs.ts'
import { assetPath } from './assets.ts'
import { graphiqlPaths } from './graphiql-assets.ts'
import { html } from './html.ts'
import { privateHeaders } from './page.ts'
import type { Graphiql, HttpExchange, PagesContext } from './pages-context.ts'

/** Whether a browser requests the GraphQL endpoint as a page. */
export const isGraphiqlRequest = ({ request }: HttpExchange): boolean =>
  request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')

/** Serves GraphiQL with the published operations as tabs, and a placeholder in place of the API key. */
export async function serveGraphiqlPage(
  { startAccess }: PagesContext,
  { tabs, apiKey }: Graphiql,
  { request, response }: HttpExchange,
): Promise<void> {
  const filledIn = startAccess?.isGranted(request) === true ? apiKey : null
  const { script, style, editorWorker, jsonWorker, graphqlWorker } = await graphiqlPaths()
  const workers = { editorWorkerService: editorWorker, json: jsonWorker, graphql: graphqlWorker }
  const settings = { options: optionsOf(tabs, filledIn), workers }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    ...privateHeaders,
  })
  response.end(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>Connect Gateway</title>
<link rel="icon" type="image/svg+xml" href="${assetPath('icon.svg')}">
<link rel="stylesheet" href="${style}">
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script type="application/json" id="options">${scriptData(settings)}</script>
<script src="${script}" defer></script>
<script src="${assetPath('graphiql.js')}" type="module"></script>
</body>
</html>
`.html,
  )
}

/** The editor creates style elements and fonts as `data:` URLs; scripts are files of the gateway only. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** JSON for a script element: without "<" it cannot end the element. */
const scriptData = (data: unknown) => ({ html: JSON.stringify(data).replaceAll('<', '\\u003c') })

function optionsOf(tabs: readonly Tab[], apiKey: string | null) {
  const headers = JSON.stringify({ authorization: `Bearer ${apiKey ?? '<your API key>'}` }, null, 2)
  return {
    title: 'Connect Gateway',
    defaultTabs: tabs.map((tab) => ({ ...tab, headers })),
    defaultHeaders: headers,
    // Without this the first tab opens with an empty variables editor.
    ...(tabs[0] && { variables: tabs[0].variables }),
    shouldPersistHeaders: false,
    // GraphiQL queries the schema before a tab with its headers is opened.
    additionalHeaders: {
      // GraphiQL subscribes with GET, which CSRF prevention rejects without this header.
      'x-graphql-yoga-csrf': 'graphiql',
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
    },
  }
}

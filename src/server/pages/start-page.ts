import type { ConnectContext } from '../../connect/context.ts'
import type { Provider } from '../../providers/provider-registry.ts'
import { type Html, html } from './html.ts'
import { type Page, sendPage } from './page.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'

/** The end user of links that are created on the page. */
const demoUser = { id: 'demo-user', name: 'Demo User', email: null, organization: null } as const

/**
 * Serves the start page. Visitors with the start cookie of a gateway that accepts any document get a form, with a
 * session token of the demo user.
 */
export async function serveStartPage(
  { connect, startAccess, graphiql, isTrustedOnly }: PagesContext,
  { request, response }: HttpExchange,
): Promise<void> {
  const isGranted = startAccess?.isGranted(request)
  const isTryable = isGranted === true && !isTrustedOnly && connect.providers.configured.length > 0
  // Just after the start, the form needs the keys of catalogues that are being read.
  if (isTryable) await loadCatalogue(connect)
  const session = isTryable ? await connect.sessions.issue({ endUser: demoUser }) : null
  const token = session?.token ?? null
  const portal = session === null ? null : `portal/${await session.portalToken()}/`
  sendPage(
    response,
    startPage(connect, { token, portal, isLocked: isGranted === false, hasGraphiql: graphiql !== null }),
  )
}

async function loadCatalogue({ connectorSyncs, catalogue, maxWaitMs }: ConnectContext): Promise<void> {
  await connectorSyncs.ensureSynced(maxWaitMs)
  await catalogue.load()
}

interface StartPage {
  /** A session token for the form; `null`: no form. */
  readonly token: string | null
  /** The portal of the same session, relative to the page. */
  readonly portal: string | null
  /** The form appears once the visitor has opened the printed address. */
  readonly isLocked: boolean
  readonly hasGraphiql: boolean
}

const startPage = (connect: ConnectContext, { token, portal, isLocked, hasGraphiql }: StartPage): Page => ({
  title: 'Connect Gateway',
  wide: true,
  footer: 'This page shows no API keys and no links of other users.',
  ...(token !== null && { script: 'start.js' }),
  main: html`<h1>One API for several connector platforms</h1>
<p class="lead">Your application creates a “Connect your HubSpot” link with one mutation and sends an end user to
it, no matter which platform is behind it. You can follow and revoke links, and list the connections of all platforms
in one place.</p>
${isLocked ? lockedNote : null}
${hasGraphiql ? html`<p class="actions"><a class="button" href="graphql">Open GraphiQL</a></p>` : null}
<section aria-labelledby="providers">
<h2 id="providers">Providers</h2>
<ul class="providers">
${connect.providers.all.map((provider) => providerItem(connect, provider))}
</ul>
</section>
${token === null || portal === null ? null : tryForm(connect, token, portal)}
<section aria-labelledby="call">
<h2 id="call">From your application</h2>
<pre><code>mutation {
  createConnectLink(
    provider: PIPEDREAM
    input: {
      connector: "github"
      endUser: { id: "user-1" }
    }
  ) {
    ... on CreateConnectLinkPayload {
      connectLink { id url }
    }
    ... on Error { code message }
  }
}</code></pre>
<p>Send the end user to <code>url</code>, and subscribe to <code>connectLinkUpdated</code> to follow the link.</p>
</section>`,
})

const lockedNote = html`<div class="note"><p>To create a link here, and to use GraphiQL with the API key filled in,
open the address that the gateway has printed in the terminal after “Start here”. It contains a token for one
browser.</p></div>`

const stateLabels = { UP: 'Up', DEGRADED: 'Degraded', DOWN: 'Down', SUSPENDED: 'Suspended' } as const

function providerItem(
  { health, suspensions }: ConnectContext,
  { key, name, bound, sandbox }: Provider,
): Html {
  const current =
    bound &&
    (suspensions.of({ key, accountKey: bound.accountKey }) ? 'SUSPENDED' : health.of(bound.accountKey))
  const [state, label] = current
    ? [current, `${stateLabels[current]} · ${sandbox ? 'sandbox' : 'real'}`]
    : ['OFF', 'Not configured']
  return html`<li><strong>${name}</strong> <span class="state" data-state="${state}">${label}</span></li>`
}

function tryForm(connect: ConnectContext, token: string, portal: string): Html {
  const options = connect.providers.configured.map(
    ({ key, name }) =>
      html`<option value="${key}" data-connector="${exampleConnector(connect, key)}">${name}</option>`,
  )
  const [first] = connect.providers.configured
  return html`<section aria-labelledby="try">
<h2 id="try">Try it</h2>
<form data-endpoint="graphql" data-token="${token}">
<p><label for="provider">Provider</label>
<select id="provider" name="provider" autocomplete="off">${options}</select></p>
<p><label for="connector">Connector key</label>
<input id="connector" name="connector" required maxlength="200" autocomplete="off" spellcheck="false" value="${first ? exampleConnector(connect, first.key) : null}"></p>
<p><label for="end-user">End user</label>
<input id="end-user" value="${demoUser.id}" readonly aria-describedby="end-user-hint"></p>
<p class="actions"><button>Create a link and open it</button></p>
<p class="hint" id="end-user-hint">Like a frontend, this page has a session for this end user only. It is valid for 15 minutes.</p>
</form>
<p><a href="${portal}">Open the portal</a>, the gateway’s own pages for the same end user: search, connect, and manage connections.</p>
<ol class="statuses" id="statuses" aria-live="polite"></ol>
<noscript><p class="hint">This form needs JavaScript. You can do the same in GraphiQL.</p></noscript>
</section>`
}

/** Well-known connectors that more than one provider offers. */
const exampleNames: readonly string[] = ['hubspot', 'github', 'slack', 'notion']

/** Key of a connector with one direction: for a connector with several, the form would need another field. */
function exampleConnector({ catalogue }: ConnectContext, provider: Provider['key']): string {
  const candidates = catalogue
    .all()
    .filter((one) => one.provider === provider && one.linkable && one.directions.length === 1)
    // The form has a session, which cannot give credentials.
    .filter(({ credentialsOption }) => credentialsOption === null)
  const examples = exampleNames.flatMap((example) =>
    candidates.filter(({ name }) => name.toLowerCase() === example),
  )
  // Empty while the catalogue of the provider cannot be read.
  return (examples[0] ?? candidates[0])?.key ?? ''
}

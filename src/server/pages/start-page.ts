import type { ConnectContext } from '../../connect/context.ts'
import type { Provider } from '../../providers/provider-registry.ts'
import { isLocal } from '../graphiql.ts'
import { type Html, html } from './html.ts'
import { type Page, sendPage } from './page.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'

/** Whom the page makes links for. */
const demoUser = { id: 'demo-user', name: 'Demo User', email: null } as const

/** Says what this is. Who sits at this machine, outside production, can try it as that one end user. */
export async function answerStart(
  { connect, isExposed }: PagesContext,
  { request, response }: HttpExchange,
): Promise<void> {
  const isTryable = !isExposed && isLocal(request) && connect.providers.configured.length > 0
  const token = isTryable ? (await connect.sessions.issue({ endUser: demoUser })).token : null
  sendPage(response, startPage(connect, token))
}

const startPage = (connect: ConnectContext, token: string | null): Page => ({
  title: 'Connect Gateway',
  wide: true,
  foot: 'This page shows no keys and no links of anybody else.',
  ...(token !== null && { script: 'start.js' }),
  main: html`<h1>One API over four connector platforms</h1>
<p class="lead">Your application asks for “Connect your HubSpot” with one mutation and gets a link to send an end user to,
whichever platform stands behind it. Links can be watched and withdrawn, and the connections of all platforms are one
list.</p>
<p class="actions"><a class="button" href="graphql">Open GraphiQL</a></p>
<section aria-labelledby="providers">
<h2 id="providers">Providers</h2>
<ul class="providers">
${connect.providers.all.map((provider) => providerItem(connect, provider))}
</ul>
</section>
${token === null ? null : tryForm(connect, token)}
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
<p>Send the end user to <code>url</code>; <code>connectLinkUpdated</code> tells what becomes of it.</p>
</section>`,
})

const stateWords = { UP: 'Up', DEGRADED: 'Degraded', DOWN: 'Down' } as const

function providerItem({ health }: ConnectContext, { key, name, bound, sandbox }: Provider): Html {
  const [mark, words] = bound
    ? [health.of(key), `${stateWords[health.of(key)]} · ${sandbox ? 'sandbox' : 'real'}`]
    : ['OFF', 'Not configured']
  return html`<li><strong>${name}</strong> <span class="state" data-state="${mark}">${words}</span></li>`
}

function tryForm(connect: ConnectContext, token: string): Html {
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
<p class="actions"><button>Make a link and open it</button></p>
<p class="hint" id="end-user-hint">The page holds a session of this one end user, as a frontend would: a quarter of an hour, and for nobody else’s things.</p>
</form>
<ol class="life" id="life" aria-live="polite"></ol>
<noscript><p class="hint">This form needs JavaScript. GraphiQL does the same.</p></noscript>
</section>`
}

/** Well known, and offered by more than one provider. */
const examples: readonly string[] = ['hubspot', 'github', 'slack', 'notion']

/** One that needs no further choices: only a connector of several directions has to be told which. */
function exampleConnector({ catalogue }: ConnectContext, provider: Provider['key']): string {
  const offered = catalogue
    .all()
    .filter((one) => one.provider === provider && one.linkable && one.directions.length === 1)
  const known = examples.flatMap((example) => offered.filter(({ name }) => name.toLowerCase() === example))
  // The catalogue may still be on its way, just after the start.
  return (known[0] ?? offered[0])?.key ?? 'hubspot'
}

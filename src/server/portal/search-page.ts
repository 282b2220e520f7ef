import { type Html, html } from '../pages/html.ts'
import { privateHeaders } from '../pages/page.ts'
import { type ApplicationPage, type ApplicationQuery, searchApplications } from './applications.ts'
import { categoriesFor, categoryLabel } from './categories.ts'
import { findRecent } from './connections.ts'
import { serveConnections } from './connections-page.ts'
import type { PortalVisit } from './portal-context.ts'
import { logo, sendPortalPage } from './portal-page.ts'

const maxSearchLength = 100

/** The first page: search for an application to connect. `?fragment` gets the results only, for the script of the page. */
export async function serveSearch(visit: PortalVisit): Promise<void> {
  if (!visit.rights.connect) return serveConnections(visit)
  const { query, exchange, rights } = visit
  const wanted = {
    search: (query.get('q') ?? '').trim().slice(0, maxSearchLength),
    category: query.get('category') ?? '',
    after: query.get('after'),
  }
  const isFirst = wanted.search === '' && wanted.category === '' && wanted.after === null
  const [page, recent] = await Promise.all([
    searchApplications(visit, wanted),
    isFirst && rights.read ? findRecent(visit) : [],
  ])
  const results = html`${recent.length === 0 ? null : recentList(visit, recent)}
${resultList(visit, wanted, page)}`
  if (query.has('fragment')) {
    exchange.response.writeHead(200, { ...privateHeaders, 'content-type': 'text/html; charset=utf-8' })
    return void exchange.response.end(results.html)
  }
  const title = visit.texts.search.title(visit.names)
  sendPortalPage(visit, {
    title,
    section: 'connect',
    main: html`<h1>${title}</h1>
${searchForm(visit, wanted)}
<div id="results">
${results}
</div>`,
  })
}

function searchForm(visit: PortalVisit, { search, category }: ApplicationQuery): Html {
  const { search: texts } = visit.texts
  const categories = categoriesFor(visit)
  const options = categories.map(
    (one) =>
      html`<option value="${one}"${one === category ? html` selected` : null}>${categoryLabel(one)}</option>`,
  )
  return html`<form class="search" role="search" action="./" data-search>
<p class="field"><label for="q">${texts.label}</label>
<input id="q" name="q" type="search" value="${search}" maxlength="${maxSearchLength}" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" aria-controls="results" aria-keyshortcuts="/"></p>
${
  categories.length === 0
    ? null
    : html`<p class="field"><label for="category">${texts.category}</label>
<select id="category" name="category"><option value="">${texts.allCategories}</option>${options}</select></p>`
}
<p class="submit"><button>${texts.submit}</button></p>
</form>`
}

interface Listed {
  readonly slug: string
  readonly name: string
  readonly logoUrl: string | null
  readonly categories?: readonly string[]
}

const entry = ({ slug, name, logoUrl, categories = [] }: Listed): Html =>
  html`<li><a class="application" href="application?slug=${encodeURIComponent(slug)}">${logo(name, logoUrl)}<span class="text"><span class="name">${name}</span>${categories[0] === undefined ? null : html`<span class="hint">${categoryLabel(categories[0])}</span>`}</span></a></li>`

const recentList = ({ texts }: PortalVisit, recent: readonly Listed[]): Html =>
  html`<section aria-labelledby="recent">
<h2 id="recent">${texts.search.recent}</h2>
<ul class="applications">
${recent.map(entry)}
</ul>
</section>`

function resultList(
  { texts: { search: texts }, view: { language } }: PortalVisit,
  wanted: ApplicationQuery,
  { applications, totalCount, nextCursor }: ApplicationPage,
): Html {
  const { search, category, after } = wanted
  const isFiltered = search !== '' || category !== '' || after !== null
  const all = isFiltered ? html`<p><a href="./">${texts.all}</a></p>` : null
  if (applications.length === 0)
    return html`<section aria-label="${texts.results}">
<p role="status">${isFiltered ? texts.none(search === '' ? category : search) : texts.noneAtAll}</p>
${isFiltered ? html`<p class="hint">${texts.noneHint}</p>` : null}
${all}
</section>`
  const next = new URLSearchParams({ ...(search && { q: search }), ...(category && { category }) })
  if (nextCursor !== null) next.set('after', nextCursor)
  return html`<section aria-labelledby="list">
<h2 id="list">${texts.results}</h2>
<p class="hint" role="status">${texts.count(new Intl.NumberFormat(language).format(totalCount))}</p>
<ul class="applications">
${applications.map(entry)}
</ul>
<p class="pages">${nextCursor === null ? null : html`<a class="more" href="./?${next.toString()}">${texts.more}</a>`}${after === null ? null : html` <a href="./">${texts.all}</a>`}</p>
<p class="hint keys">${texts.keys}</p>
</section>`
}

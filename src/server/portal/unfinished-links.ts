import { type Html, html } from '../pages/html.ts'
import { nameOfConnection } from './connection-item.ts'
import type { PortalLink } from './connections.ts'
import type { PortalVisit } from './portal-context.ts'
import { logo } from './portal-page.ts'
import { withTime } from './time.ts'

/** The links that the end user can finish or cancel; `null`: there are none. */
export function unfinishedList(visit: PortalVisit, links: readonly PortalLink[]): Html | null {
  const { connections } = visit.texts
  if (links.length === 0) return null
  return html`<section aria-labelledby="unfinished">
<h2 id="unfinished">${connections.unfinished}</h2>
<ul class="connections">
${links.map((link, index) => linkItem(visit, link, `started-${index}`))}
</ul>
</section>`
}

function linkItem(visit: PortalVisit, link: PortalLink, startedId: string): Html {
  const { connections } = visit.texts
  const name = nameOfConnection({ ...link, name: null })
  const failure = link.lastFailure
  const labels = (action: string) =>
    html` aria-label="${connections.nameOf(action, name)}" aria-describedby="${startedId}"`
  return html`<li>
${logo(name, link.connector?.application.logoUrl ?? null)}
<div class="text"><h3>${name}</h3>
<p class="hint" id="${startedId}">${withTime(visit, connections.opened, link.createdAt)}</p>
${failure === null ? null : html`<p class="hint">${connections.failures[failure.code]}</p>`}</div>
<div class="buttons">${link.url === null ? null : html`<a class="button secondary" href="${link.url}" target="_top"${labels(connections.resume)}>${connections.resume}</a>`}${
    visit.rights.connect
      ? html`<form method="post" action="cancel" data-once><input type="hidden" name="id" value="${link.id}"><button class="secondary"${labels(connections.cancel)}>${connections.cancel}</button></form>`
      : null
  }</div>
</li>`
}

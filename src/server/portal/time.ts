import { type Html, html } from '../pages/html.ts'
import type { PortalVisit } from './portal-context.ts'

/** Stands for the date in a text; no text contains it. */
const marker = '\u0000'

/**
 * A text with a date and time in it, in the format of the page's language. In UTC, which it says: the script of the pages
 * replaces that by the time of the browser.
 */
export function withTime(
  { view: { language } }: Pick<PortalVisit, 'view'>,
  text: (date: string) => string,
  at: string | Date,
): Html {
  const date = new Date(at)
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  const [before = '', after = ''] = text(marker).split(marker)
  return html`${before}<time datetime="${date.toISOString()}">${format.format(date)} UTC</time>${after}`
}

import type { LinkBrowserRow } from '../../store/schema.ts'

/** What is known about the browser that says that it has completed a link. */
export type BrowserStanding =
  /** It came from the application with a claim of the end user, and no other person's browser was involved. */
  | 'CLAIMED'
  /** It is the only browser without a claim: the person who uses it has completed the link. */
  | 'OTHER'
  /** Several browsers without a claim opened the link or returned: any of them can have completed it. */
  | 'UNKNOWN'

/**
 * The standing of one of the browsers of a link. The addresses of a link are no secret of one browser: a claimed one may
 * return although another one has completed the link. So any other browser that opened it or returned counts.
 */
export function browserStanding(browsers: readonly LinkBrowserRow[], browserHash: string): BrowserStanding {
  const own = browsers.find((browser) => browser.browserHash === browserHash)
  if (own === undefined) return 'UNKNOWN'
  const others = browsers.filter((browser) => browser !== own && !browser.claimed)
  if (others.length > 0) return 'UNKNOWN'
  return own.claimed ? 'CLAIMED' : 'OTHER'
}

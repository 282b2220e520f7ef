/** The URL to which a page of the gateway navigates by itself. */
export const refreshTargetOf = (html: string): string | undefined =>
  /http-equiv="refresh" content="0; url=([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')

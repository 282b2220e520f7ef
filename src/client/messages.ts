/** What the end pages of the gateway, and `closeConnectWindow`, post to the page that opened them. */
export interface ConnectMessage {
  readonly type: 'connect-gateway'
  readonly linkId: string
  /** Status of the link; CANCELLED, or "failed" in a redirect, if the attempt has ended and the link is open. */
  readonly status: string
}

/**
 * Calls `onMessage` with messages about the link. They are hints: any page of the gateway or of this origin can post one,
 * and only the API says what has happened.
 */
export function listenToMessages(
  { id, url }: { readonly id: string; readonly url: string },
  onMessage: (status: string) => void,
  signal: AbortSignal,
): void {
  const origins = [new URL(url).origin, location.origin]
  window.addEventListener(
    'message',
    ({ origin, data }: MessageEvent<Partial<ConnectMessage> | null>) => {
      if (!origins.includes(origin) || data?.type !== 'connect-gateway' || data.linkId !== id) return
      onMessage(String(data.status))
    },
    { signal },
  )
}

/** The result in the query of the redirect URI. */
export function returnOf(url: string): { readonly linkId: string; readonly status: string } | null {
  const { searchParams } = new URL(url)
  const linkId = searchParams.get('connect_link_id')
  return linkId === null ? null : { linkId, status: searchParams.get('status') ?? '' }
}

/**
 * For the page of a `redirectUri`: if it is shown in the popup or the iframe of `openConnect`, reports to the page that
 * opened it, closes the popup, and returns `true`: there is nothing to render. Else returns `false`.
 */
export function closeConnectWindow(): boolean {
  const result = returnOf(location.href)
  const opener: Window | null = window.opener ?? (window.parent === window ? null : window.parent)
  if (result === null || opener === null) return false
  const message: ConnectMessage = { type: 'connect-gateway', ...result }
  opener.postMessage(message, location.origin)
  if (window.opener) window.close()
  return true
}

import { watchFrame } from './watch-frame.ts'
import { watchPopup } from './watch-popup.ts'

/** Where the end user sees the link: a popup, an iframe, or the window of the application itself. */
export interface Surface {
  readonly mode: 'popup' | 'redirect' | 'iframe'
  /** Name of the browsing context, for forms. */
  readonly target: string
  show(url: string): void
  /** To be called if a form shows the page in place of `show`. */
  start(): void
  focus(): void
  close(): void
  /** Resolves when the end user has left it, or when the browser has refused to frame the link. Pending after an abort. */
  ended(signal: AbortSignal): Promise<'left' | 'refused'>
  /** A page of the gateway is shown. */
  confirm(): void
}

let count = 0
const newName = () => {
  count += 1
  return `connect-gateway-${Date.now()}-${count}`
}

/** To be called in the handler of a click, before anything is awaited. A redirect if the browser blocks the popup. */
export function openSurface(mode: Surface['mode'], container: HTMLElement | undefined): Surface {
  if (mode === 'iframe') return openFrame(container)
  return (mode === 'popup' && openPopup()) || openRedirect()
}

function openPopup(): Surface | undefined {
  const width = 520
  const height = 780
  const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - width) / 2))
  const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - height) / 2))
  const target = newName()
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`
  const popup = window.open('about:blank', target, features)
  if (!popup || popup.closed) return undefined
  try {
    popup.document.documentElement.style.colorScheme = 'light dark' // no white flash in dark mode
  } catch {
    // The browser does not give access to it.
  }
  return {
    mode: 'popup',
    target,
    show: (url) => popup.location.replace(url),
    start: () => undefined,
    focus: () => popup.focus(),
    close: () => popup.close(),
    ended: (signal) => watchPopup(popup, signal),
    confirm: () => undefined,
  }
}

function openFrame(container: HTMLElement | undefined): Surface {
  if (!container) throw new TypeError('The mode "iframe" needs a container.')
  const frame = document.createElement('iframe')
  frame.name = newName()
  frame.style.cssText = 'width:100%;height:100%;min-height:600px;border:0'
  frame.allow = 'clipboard-write; publickey-credentials-get'
  container.append(frame)
  const watch = watchFrame(frame)
  return {
    mode: 'iframe',
    target: frame.name,
    start: watch.start,
    show(url) {
      watch.start()
      frame.src = url
    },
    focus: () => frame.focus(),
    close: () => frame.remove(),
    ended: watch.ended,
    confirm: watch.confirm,
  }
}

function openRedirect(): Surface {
  return {
    mode: 'redirect',
    target: '_self',
    show: (url) => location.assign(url),
    start: () => undefined,
    focus: () => undefined,
    close: () => undefined,
    // The page is left. It is shown again, with its state, if the end user goes back.
    ended: (signal) =>
      new Promise((resolve) => {
        window.addEventListener('pageshow', ({ persisted }) => persisted && resolve('left'), { signal })
      }),
    confirm: () => undefined,
  }
}

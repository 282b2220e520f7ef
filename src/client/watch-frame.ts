const intervalMs = 400
/** From the load of a page in the frame to the message of the gateway's page. */
const refusalMs = 4_000

/**
 * Watches an iframe: `left` when the application has removed it, `refused` when a page has been loaded and the gateway's
 * page has not reported itself: the browser shows an error in its place, which no script can read.
 */
export function watchFrame(frame: HTMLIFrameElement) {
  let isStarted = false
  let isConfirmed = false
  let loadedAt: number | undefined
  frame.addEventListener('load', () => {
    if (isStarted) loadedAt ??= Date.now()
  })
  return {
    start() {
      isStarted = true
    },
    confirm() {
      isConfirmed = true
    },
    ended: (signal: AbortSignal): Promise<'left' | 'refused'> =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          if (!frame.isConnected) end('left')
          else if (!isConfirmed && loadedAt !== undefined && Date.now() - loadedAt > refusalMs) end('refused')
        }, intervalMs)
        const end = (reason: 'left' | 'refused') => {
          clearInterval(timer)
          resolve(reason)
        }
        signal.addEventListener('abort', () => clearInterval(timer))
      }),
  }
}

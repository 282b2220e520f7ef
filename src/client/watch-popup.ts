const intervalMs = 400
/** A window that the end user closes gives the focus back at once. */
const promptMs = 1_500
const graceMs = 1_500
const severedGraceMs = 15_000

const isInFront = () => document.visibilityState === 'visible' && document.hasFocus()

/**
 * Resolves when the end user has closed the popup. `closed` alone does not show it: a page with a
 * Cross-Origin-Opener-Policy, as at many providers, cuts the handle, and `closed` is true while the popup is open. So this
 * page must be in front too: for 1.5 seconds if it came to the front together with `closed`, else for 15 seconds.
 */
export function watchPopup(popup: Pick<Window, 'closed'>, signal: AbortSignal): Promise<'left'> {
  let closedAt: number | undefined
  let frontAt: number | undefined
  let isPrompt: boolean | undefined
  return new Promise((resolve) => {
    const timer = setInterval(check, intervalMs)
    signal.addEventListener('abort', () => clearInterval(timer))
    function check() {
      if (!popup.closed) {
        closedAt = undefined
        return
      }
      const now = Date.now()
      closedAt ??= now
      if (!isInFront()) {
        frontAt = undefined
        return
      }
      frontAt ??= now
      isPrompt ??= frontAt - closedAt <= promptMs
      if (now - frontAt < (isPrompt ? graceMs : severedGraceMs)) return
      clearInterval(timer)
      resolve('left')
    }
  })
}

// Waits while the end user is at the provider: receives each status of the link, and at the end redirects or shows the
// result.

/** Its outcome selects the icon. */
const main = document.querySelector('main')
const box = document.querySelector('[data-events]')
const heading = box.querySelector('h1')
const status = box.querySelector('[data-status]')
const reconnectDelayMs = 5_000

let isWaiting = false
let isListening = false
/** A form of this page is being submitted: its answer replaces the page, and a redirect meanwhile would cancel it. */
let isLeaving = false

function wait() {
  if (isWaiting) return
  isWaiting = true
  if (main.dataset.outcome === 'link') main.dataset.outcome = 'waiting'
  box.dataset.waiting = ''
  if (status.dataset.textWhileWaiting) status.textContent = status.dataset.textWhileWaiting
  listen()
}

/** Requests the page again. Not by a reload, which would repeat the form submission that a page may be the answer to. */
function renew() {
  if (box.dataset.page) location.replace(box.dataset.page)
  else location.reload()
}

function listen() {
  if (isListening) return
  isListening = true
  const source = new EventSource(box.dataset.events)
  source.addEventListener('status', ({ data }) => {
    if (isLeaving) return
    const event = JSON.parse(data)
    // The gateway decides what this browser gets: the connection, or a code to enter in the application.
    if (event.isHeld && !('held' in box.dataset)) {
      source.close()
      renew()
      return
    }
    // The page is one of a hand-over, which has gone on.
    if (event.handOver && box.dataset.handOver && event.handOver !== box.dataset.handOver) {
      source.close()
      renew()
      return
    }
    if (!('goTo' in event)) return
    source.close()
    // The status is missing if this may not be the end user's browser.
    if (event.status) document.dispatchEvent(new CustomEvent('connect-link', { detail: event.status }))
    finish(event)
  })
  source.addEventListener('error', () => {
    // The browser reconnects after a lost connection, but not after an error response, as while the gateway restarts.
    if (source.readyState !== EventSource.CLOSED) return
    isListening = false
    setTimeout(listen, reconnectDelayMs)
  })
}

/** @param {{ goTo: string | null, title: string, text: string, outcome: string }} event the last status event */
function finish({ goTo, title, text, outcome }) {
  if (goTo !== null) {
    location.replace(goTo)
    return
  }
  delete box.dataset.waiting
  for (const element of document.querySelectorAll('[data-temporary]')) element.remove()
  document.title = title
  heading.textContent = title
  main.dataset.outcome = outcome
  status.textContent = text
}

document.querySelector('form')?.addEventListener('submit', wait)
document.addEventListener('submit', ({ target, defaultPrevented }) => {
  isLeaving = !target.target && !defaultPrevented
})
// Restored by the back button: events were skipped.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && isLeaving) renew()
})
if ('waiting' in box.dataset) wait()
if ('follows' in box.dataset) listen()

const copy = document.querySelector('[data-copy]')
if (copy && navigator.clipboard) {
  const field = document.getElementById(copy.dataset.copy)
  copy.hidden = false
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value)
    copy.textContent = copy.dataset.copied
  })
}

// The page that waits while its end user is at the provider: it hears each status of the link, and goes on by itself.

const box = document.querySelector('[data-events]')
const heading = box.querySelector('h1')
const status = box.querySelector('[data-status]')
const pauseMs = 5_000

let isWaiting = false

function wait() {
  if (isWaiting) return
  isWaiting = true
  box.dataset.waiting = ''
  if (status.dataset.words) status.textContent = status.dataset.words
  listen()
}

function listen() {
  const source = new EventSource(box.dataset.events)
  source.addEventListener('status', ({ data }) => {
    const news = JSON.parse(data)
    if (!('goTo' in news)) return
    source.close()
    finish(news)
  })
  source.addEventListener('error', () => {
    // A line that was cut is taken up by the browser itself; a refusal, as while the gateway restarts, is not.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, pauseMs)
  })
}

/** @param {{ goTo: string | null, title: string, text: string }} news */
function finish({ goTo, title, text }) {
  if (goTo !== null) {
    location.replace(goTo)
    return
  }
  delete box.dataset.waiting
  for (const element of document.querySelectorAll('[data-passing]')) element.remove()
  document.title = title
  heading.textContent = title
  status.textContent = text
}

document.querySelector('form')?.addEventListener('submit', wait)
if ('waiting' in box.dataset) wait()

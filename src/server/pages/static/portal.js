// Makes the pages of the portal faster to use. Each of them works without it.

const results = document.querySelector('#results')
const form = document.querySelector('[data-search]')
const field = form?.querySelector('input[type=search]')
const delayMs = 200

// The hint about keys is shown: they work.
document.documentElement.dataset.keys = ''

// --- Times, which the server writes in UTC.

const timeFormat = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: 'medium',
  timeStyle: 'short',
})
for (const time of document.querySelectorAll('time'))
  time.textContent = timeFormat.format(new Date(time.dateTime))

// --- Search while typing: the results of the same page, as a fragment.

let timer
let request
let shown = form ? stateOf() : ''

function stateOf() {
  const state = new URLSearchParams(new FormData(form))
  for (const [name, value] of [...state]) if (value.trim() === '') state.delete(name)
  return state.toString()
}

async function search() {
  const state = stateOf()
  if (state === shown) return
  request?.abort()
  const own = new AbortController()
  request = own
  results.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(`./?${state}${state && '&'}fragment=1`, { signal: own.signal })
    // The page itself says what is wrong, such as that the session has ended.
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const text = await response.text()
    if (own.signal.aborted) return
    results.innerHTML = text
    shown = state
    history.replaceState(null, '', state === '' ? './' : `./?${state}`)
  } catch (error) {
    if (error.name !== 'AbortError') form.submit()
    return
  } finally {
    if (request === own) results.removeAttribute('aria-busy')
  }
}

form?.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(search, delayMs)
})
form?.addEventListener('submit', (event) => {
  event.preventDefault()
  clearTimeout(timer)
  search()
})

// --- Keys: "/" to the search, arrows through the list.

const entries = () => [...(results?.querySelectorAll('.application') ?? [])]
const isText = (element) => element?.matches('input, select, textarea') ?? false

document.addEventListener('keydown', (event) => {
  if (!field || event.ctrlKey || event.metaKey || event.altKey) return
  const { key, target } = event
  if (key === '/' && !isText(target)) {
    event.preventDefault()
    field.focus()
    field.select()
    return
  }
  const list = entries()
  const position = list.indexOf(target)
  if (target === field && key === 'ArrowDown') move(event, list[0])
  if (position < 0) return
  const columns = columnsOf(list)
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }
  if (key in steps) move(event, list[position + steps[key]] ?? (steps[key] < 0 ? field : list.at(-1)))
  if (key === 'Home') move(event, list[0])
  if (key === 'End') move(event, list.at(-1))
})

function move(event, element) {
  event.preventDefault()
  element?.focus()
}

/** How many entries of the list are in its first row. */
function columnsOf(list) {
  const top = list[0]?.offsetTop
  const index = list.findIndex(({ offsetTop }) => offsetTop !== top)
  return index < 0 ? list.length : index
}

// --- Forms that are sent once.

document.addEventListener('submit', (event) => {
  const sent = event.target
  if (!('once' in sent.dataset)) return
  if (sent.dataset.sent) {
    event.preventDefault()
    return
  }
  sent.dataset.sent = '1'
  for (const button of sent.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
  // In a frame the link opens in another tab. The same form, with the same key, leads this page to the result.
  if ('tab' in sent.dataset) setTimeout(() => waitFor(sent), 0)
})

function waitFor(sent) {
  const wait = document.createElement('input')
  wait.type = 'hidden'
  wait.name = 'wait'
  wait.value = '1'
  sent.append(wait)
  sent.target = '_self'
  // Without the event of the submission.
  HTMLFormElement.prototype.submit.call(sent)
}

// The page is shown again by the back button.
addEventListener('pageshow', () => {
  for (const sent of document.querySelectorAll('[data-sent]')) {
    delete sent.dataset.sent
    for (const button of sent.querySelectorAll('button')) button.removeAttribute('aria-disabled')
  }
})

// --- A logo that fails to load leaves the initial of the name.

document.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLImageElement && target.closest('.app-logo')) target.classList.add('failed')
  },
  true,
)
for (const image of document.querySelectorAll('.app-logo img'))
  if (image.complete && image.naturalWidth === 0) image.classList.add('failed')

// Posts the state of the link to the page that opened or frames this one, and closes a popup when all is done.

const { closes, goTo, linkId, origins, status } = JSON.parse(
  document.querySelector('meta[name=connect-link]').content,
)
const closeDelayMs = 1_000

function post(current, isClosing) {
  const targets = [window.opener, window.parent === window ? null : window.parent]
  for (const target of targets)
    for (const origin of origins)
      target?.postMessage({ type: 'connect-gateway', linkId, status: current }, origin)
  // A browser closes only windows that a script has opened.
  if (isClosing && window.opener) setTimeout(() => window.close(), closeDelayMs)
}

// The script of a page that waits has the later states.
document.addEventListener('connect-link', ({ detail }) => post(detail, detail === 'COMPLETED'))
post(status, closes)
if (goTo) location.replace(goTo)

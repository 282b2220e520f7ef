// An example of a frontend that uses the gateway: creates a link, opens it, and shows each status of it.

const form = document.querySelector('form')
const statuses = document.querySelector('#statuses')

const create = `mutation ($provider: ProviderKey!, $connector: String!) {
  createConnectLink(provider: $provider, input: { connector: $connector }) {
    ... on CreateConnectLinkPayload { connectLink { id url } }
    ... on InvalidInputError { issues { path message } }
    ... on Error { code message }
  }
}`
const watch = `subscription ($id: ID) {
  connectLinkUpdated(id: $id) { status connection { id name } history { reason } }
}`

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  statuses.replaceChildren()
  // Opened before the first await: afterwards the browser's pop-up blocker would block it.
  const popup = window.open('about:blank', '_blank', 'popup,width=520,height=780')
  try {
    const link = await createLink(Object.fromEntries(new FormData(form)))
    for await (const { status, connection, history } of updates(link.id)) {
      show(status, connection?.name ?? connection?.id ?? history.at(-1)?.reason ?? '')
      // Opened only after the subscription has started, so that no status is missed.
      if (status === 'CREATED') openIn(popup, link.url)
    }
  } catch (error) {
    popup?.close()
    show('ERROR', error.message)
  }
})

form.elements.provider.addEventListener('change', ({ target }) => {
  form.elements.connector.value = target.selectedOptions[0].dataset.connector
})

function openIn(popup, url) {
  if (popup === null) return show('BLOCKED', 'Your browser blocked the pop-up. Allow pop-ups and try again.')
  popup.opener = null
  popup.location = url
}

async function createLink(variables) {
  const response = await send({ query: create, variables }, 'application/json')
  const { data, errors } = await response.json()
  const result = data?.createConnectLink
  if (result?.connectLink) return result.connectLink
  const issues = result?.issues?.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new Error(issues?.join('; ') || result?.message || errors?.[0]?.message)
}

/** Yields each status of a link, received as server-sent events; ends when the link ends. */
async function* updates(id) {
  const response = await send({ query: watch, variables: { id } }, 'text/event-stream')
  let text = ''
  for await (const chunk of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    const events = (text + chunk).split('\n\n')
    text = events.pop()
    for (const event of events) {
      if (event.startsWith('event: complete')) return
      const json = /^data: (.+)$/m.exec(event)?.[1]
      if (json === undefined) continue // a heartbeat
      const { data, errors } = JSON.parse(json)
      if (errors) throw new Error(errors[0].message)
      yield data.connectLinkUpdated
    }
  }
}

async function* chunks(stream) {
  const reader = stream.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
}

async function send(body, accept) {
  const { endpoint, token } = form.dataset
  const headers = { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
  if (response.status === 401) throw new Error('Your session has expired. Reload this page.')
  return response
}

function show(status, text) {
  const item = document.createElement('li')
  const name = document.createElement('strong')
  name.textContent = status
  item.append(name, text && ` ${text}`)
  item.dataset.status = status
  statuses.append(item)
}

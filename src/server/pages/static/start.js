// What a frontend does with the gateway: ask for a link, open it, and watch what becomes of it.

const form = document.querySelector('form')
const life = document.querySelector('#life')

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
  life.replaceChildren()
  // Opened before anything is waited for: later the browser would take it for an unwanted one.
  const popup = window.open('about:blank', '_blank', 'popup,width=520,height=780')
  try {
    const link = await createLink(Object.fromEntries(new FormData(form)))
    for await (const { status, connection, history } of updates(link.id)) {
      show(status, connection?.name ?? connection?.id ?? history.at(-1)?.reason ?? '')
      // Only now, so that no step is missed.
      if (status === 'CREATED') lead(popup, link.url)
    }
  } catch (error) {
    popup?.close()
    show('ERROR', error.message)
  }
})

form.elements.provider.addEventListener('change', ({ target }) => {
  form.elements.connector.value = target.selectedOptions[0].dataset.connector
})

function lead(popup, url) {
  if (popup === null) return show('BLOCKED', 'The browser allows no popup: allow it and try again.')
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

/** Every status of a link as it comes, by server-sent events; ends with the link. */
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
  if (response.status === 401) throw new Error('The session has ended: reload this page.')
  return response
}

function show(status, text) {
  const item = document.createElement('li')
  const name = document.createElement('strong')
  name.textContent = status
  item.append(name, text && ` ${text}`)
  item.dataset.status = status
  life.append(item)
}

// A page that connects with the options in its query, and shows each status and the result.
import { type ConnectOptions, openConnect } from 'connect-gateway/client'

const query = new URLSearchParams(location.search)
const options = JSON.parse(query.get('options') ?? '{}') as Partial<ConnectOptions>
const getSession = async (): Promise<string> => (await (await fetch('/session')).json()).token

const button = document.createElement('button')
button.textContent = 'Connect'
const output = document.createElement('output')
const container = document.createElement('div')
container.style.height = '700px'
document.body.append(button, output, container)

button.onclick = async () => {
  const onStatus: ConnectOptions['onStatus'] = (status) => {
    output.textContent += `${status} `
  }
  const result = await openConnect({
    gateway: 'http://127.0.0.1:4000',
    getSession,
    container,
    onStatus,
    ...options,
  }).catch((error: Error) => ({ status: error.name, failure: { code: error.message } }))
  output.textContent += `${result.status}: ${'failure' in result ? result.failure.code : result.connection.name}`
}

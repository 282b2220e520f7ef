import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * Stands between the servers and the sandbox, so that providers answer in microseconds: each GET is answered with what the
 * sandbox answered first, a POST that creates a link with the first answer under a new ID. Environment: `SANDBOX`, the
 * origin of the sandbox. `GET /__creation` returns the last request that created a link, for the limit program.
 */
const sandbox = process.env.SANDBOX ?? ''

interface Recorded {
  readonly status: number
  readonly body: string
}
interface Creation {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const recorded = new Map<string, Recorded>()
let creation: Creation | undefined

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    answer(request, Buffer.concat(chunks).toString()).then(
      (result) => send(response, result),
      (error: unknown) => send(response, { status: 502, body: JSON.stringify({ message: String(error) }) }),
    )
  })
})

async function answer(request: IncomingMessage, body: string): Promise<Recorded> {
  const { method = 'GET', url = '/' } = request
  if (url === '/__creation') return { status: 200, body: JSON.stringify(creation ?? null) }
  const isCreation = method === 'POST' && url.endsWith('connect_links')
  const known = recorded.get(`${method} ${url}`)
  if (known && isCreation) {
    lastId += 1
    return withId(known, lastId)
  }
  if (known) return known
  const link = method === 'GET' ? createdLink(url) : undefined
  if (link) return link
  const result = await forward(request, body)
  const isRepeatable = result.status < 300 && (method === 'GET' || isCreation)
  if (isRepeatable) recorded.set(`${method} ${url}`, result)
  if (isCreation) creation = { url, headers: forwardedHeaders(request), body }
  return result
}

/** Numbers that the sandbox does not use. */
let lastId = 1_000_000

function withId({ status, body }: Recorded, id: number): Recorded {
  const { data, ...rest } = JSON.parse(body)
  return { status, body: JSON.stringify({ ...rest, data: { ...data, id } }) }
}

/** A link that was created here, which the sandbox does not know. */
function createdLink(url: string): Recorded | undefined {
  const { path = '', id } = /^(?<path>.*connect_links)\/(?<id>\d+)$/.exec(url)?.groups ?? {}
  const first = recorded.get(`POST ${path}`)
  return first && withId({ ...first, status: 200 }, Number(id))
}

async function forward(request: IncomingMessage, body: string): Promise<Recorded> {
  const { method = 'GET', url = '/' } = request
  const response = await fetch(sandbox + url, {
    method,
    headers: forwardedHeaders(request),
    ...(body === '' ? {} : { body }),
  })
  const text = await response.text()
  return { status: response.status, body: text.replaceAll(sandbox, `http://${request.headers.host}`) }
}

const forwardedHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' &&
      !/^(host|connection|content-length|transfer-encoding|accept-encoding)$/.test(name)
        ? [[name, value]]
        : [],
    ),
  )

function send(response: ServerResponse, { status, body }: Recorded): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`listens on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''} `)
})

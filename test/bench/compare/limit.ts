import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import pg from 'pg'
import { createLink } from './limit-create-link.ts'
import { oneConnection, onePage, pagesWithParents } from './limit-reads.ts'

/**
 * What a program can reach that does the same work by hand: one HTTP endpoint for each operation, no GraphQL, prepared
 * statements on the same tables. Environment: `DATABASE_URL`, a copy of the gateway's database; `API_KEY`; `UPSTREAM` and
 * `CREATION`, the request that creates a link at the provider.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const keyHash = sha256(process.env.API_KEY ?? '')

const operations: Readonly<Record<string, (variables: never) => Promise<object>>> = {
  '/M': (variables) => createLink(pool, variables),
  '/Q1': (variables) => oneConnection(pool, variables),
  '/Q100': () => onePage(pool),
  '/QA': () => pagesWithParents(pool),
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    answer(request, Buffer.concat(chunks).toString()).then(
      ([status, data]) => {
        const body = JSON.stringify({ data })
        response.writeHead(status, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        })
        response.end(body)
      },
      (error: unknown) => {
        console.error(error)
        response.writeHead(500).end()
      },
    )
  })
})

async function answer({ url = '', headers }: IncomingMessage, body: string): Promise<[number, object]> {
  const token = headers.authorization?.slice('Bearer '.length) ?? ''
  if (!timingSafeEqual(sha256(token), keyHash)) return [401, {}]
  const operation = operations[url]
  return operation ? [200, await operation(JSON.parse(body) as never)] : [404, {}]
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`listens on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''} `)
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface TestProxy {
  readonly port: number
  /** The requested tunnels. */
  readonly tunnels: readonly { readonly target: string; readonly authorization: string | undefined }[]
}

/**
 * An outbound proxy that opens tunnels (CONNECT) to the requested port of this machine, whatever the host. Answers 407
 * without these credentials.
 */
export async function startProxy(credentials?: string): Promise<TestProxy> {
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const tunnels: { target: string; authorization: string | undefined }[] = []
  const server = createServer((_, response) => response.writeHead(501).end())
  server.on('connect', (request, socket, head) => {
    const authorization = request.headers['proxy-authorization']
    tunnels.push({ target: request.url ?? '', authorization })
    socket.on('error', () => undefined)
    if (expected !== undefined && authorization !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n')
      return
    }
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, tunnels }
}

export interface TlsServer {
  readonly port: number
  /** The self-signed certificate. */
  readonly certificateFile: string
}

/** An HTTPS server with a self-signed certificate for this host. */
export async function startTlsServer(host: string, listener: RequestListener): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [key, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
  const output = ['-keyout', key, '-out', certificateFile]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...output, ...subject], {
    stdio: 'ignore',
  })
  const server = createHttpsServer({ key: readFileSync(key), cert: readFileSync(certificateFile) }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, certificateFile }
}

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ConnectionsDocument } from '../../generated/graphql.ts'
import { freePort } from '../../helpers/free-port.ts'
import { startTestGateway, type TestGateway, testApiKey } from '../../helpers/gateway.ts'
import { listen } from '../../helpers/listen.ts'
import { buildProject } from './project.ts'
import { codeOf, readmeGateway, readmePort } from './readme.ts'

export interface Application {
  readonly gateway: TestGateway
  /** Origin of the built project. */
  readonly origin: string
  /** Origin of the backend, with the page that needs no build. */
  readonly backend: string
  /** How many sessions the browser got. */
  readonly sessions: () => number
  /** The names of the connectors that are connected. */
  connected(): Promise<readonly string[]>
  /** How often each open link was cancelled. */
  cancels(): Promise<readonly number[]>
}

/** A gateway, the backend of the README, and the project with its component, each at an origin of its own. */
export async function startApplication(env: Record<string, string> = {}): Promise<Application> {
  const folder = buildProject()
  const port = await freePort()
  const backend = `http://127.0.0.1:${port}`
  let sessions = 0
  let gatewayUrl = ''
  const { origin } = await listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', backend)
    if (pathname === '/session') {
      sessions += 1
      response.setHeader('content-type', 'application/json')
      return void response.end(await (await fetch(`${backend}/session`)).text())
    }
    const name = pathname.startsWith('/assets/') ? pathname : '/index.html'
    const text = readFileSync(join(folder, name), 'utf8').replaceAll(readmeGateway, gatewayUrl)
    response.setHeader('content-type', types[extname(name)] ?? 'text/plain').end(text)
  })
  const gateway = await startTestGateway({ env: { CORS_ORIGINS: `${origin},${backend}`, ...env } })
  gatewayUrl = gateway.url
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  await startBackend(gatewayUrl, port)
  const connected = async () => {
    const { connections } = await gateway.send(ConnectionsDocument, {})
    return (connections?.nodes ?? []).map(({ connector }) => connector?.name ?? '')
  }
  const cancels = async () => {
    const response = await gateway.post('{ connectLinks { nodes { status history { reason } } } }')
    const { data } = (await response.json()) as { data: { connectLinks: { nodes: readonly ListedLink[] } } }
    return data.connectLinks.nodes
      .filter(({ status }) => status !== 'COMPLETED')
      .map(({ history }) => history.filter(({ reason }) => reason === 'CANCELLED').length)
  }
  return { gateway, origin, backend, sessions: () => sessions, connected, cancels }
}

interface ListedLink {
  readonly status: string
  readonly history: readonly { readonly reason: string | null }[]
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** Runs the backend of the README in a process of its own. */
async function startBackend(gatewayUrl: string, port: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-backend-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const at = (code: string) => code.replaceAll(readmeGateway, gatewayUrl).replace(readmePort, String(port))
  writeFileSync(join(folder, 'server.mjs'), at(codeOf('js')))
  writeFileSync(join(folder, 'index.html'), at(codeOf('html')))
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: folder,
    env: { ...process.env, GATEWAY_API_KEY: testApiKey },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  const url = `http://127.0.0.1:${port}`
  while (!(await isReachable(url))) {
    if (child.exitCode !== null) throw new Error('the backend has ended')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const isReachable = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

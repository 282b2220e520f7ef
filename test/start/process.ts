import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, vi } from 'vitest'
import {
  ConnectionsDocument,
  type ConnectionsQueryVariables,
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  type ProviderKey,
  type TypedDocumentString,
} from '../generated/graphql.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The program is built into a folder of this test process, so that a parallel build does not change it during a start.
 */
const buildDir = mkdtempSync(join(tmpdir(), 'gateway-built-'))
process.once('exit', () => rmSync(buildDir, { recursive: true, force: true }))

let built: Promise<void> | undefined

/** Builds the program, as `npm start` does; once per test process. */
export function build(): Promise<void> {
  built ??= bundle()
  return built
}

async function bundle(): Promise<void> {
  for (const name of ['node_modules', 'schema', 'package.json'])
    symlinkSync(join(root, name), join(buildDir, name))
  await promisify(execFile)(process.execPath, ['src/build.js', join(buildDir, 'dist')], { cwd: root })
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Listens on a port until the test ends; returns the port. */
export async function occupyPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

export interface ExitStatus {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Program {
  readonly pid: number
  readonly ended: Promise<ExitStatus>
  stdout(): string
  stderr(): string
  /** Waits until standard output matches; rejects if the program exits before. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends a signal and waits for the exit; SIGTERM by default. */
  stop(signal?: NodeJS.Signals): Promise<ExitStatus>
}

/**
 * Starts the built program with a command such as `purge end-user 1` and only this environment; killed after the test.
 */
export function run(command: string, environment: Record<string, string>): Program {
  const child = spawn(process.execPath, [join(buildDir, 'dist/main.js'), ...command.split(' ')], {
    cwd: buildDir,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const ended = new Promise<ExitStatus>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL')
  })
  return {
    pid: child.pid ?? 0,
    ended,
    stdout,
    stderr,
    stop,
    line: (pattern) => waitForLine(child, { pattern, ended, stdout, stderr }),
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk
  })
  return () => text
}

interface Output extends Pick<Program, 'ended' | 'stdout' | 'stderr'> {
  readonly pattern: RegExp
}

function waitForLine(child: ChildProcess, { pattern, ended, stdout, stderr }: Output) {
  return new Promise<RegExpExecArray>((resolve, reject) => {
    const check = () => {
      const match = pattern.exec(stdout())
      if (match) resolve(match)
    }
    child.stdout?.on('data', check)
    check()
    ended.then(({ code }) => reject(new Error(`the program exited (${code}): ${stdout()}${stderr()}`)))
  })
}

export interface Gateway extends Program {
  /** The printed address, with the start token. */
  readonly startUrl: string
  /** Of the GraphQL endpoint. */
  readonly url: string
  readonly apiKey: string
  readonly sandboxUrl: string
  send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result>
}

/** Starts the gateway on free ports, and waits until it is ready. */
export async function serve(environment: Record<string, string>): Promise<Gateway> {
  const program = run('serve', { PORT: '0', SANDBOX_PORT: '0', ...environment })
  await program.line(/Ctrl-C stops it/)
  const readBanner = (name: string) => new RegExp(`^ +${name} +(\\S+)`, 'm').exec(program.stdout())?.[1] ?? ''
  const startUrl = readBanner('Start here')
  const url = new URL('graphql', startUrl).href
  const apiKey = environment.GATEWAY_API_KEY ?? readBanner('API key')
  return {
    ...program,
    startUrl,
    url,
    apiKey,
    sandboxUrl: readBanner('Sandbox'),
    async send(document, variables) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ query: String(document), variables }),
      })
      const { data, errors } = (await response.json()) as { data: never; errors?: unknown }
      if (errors !== undefined) throw new Error(`GraphQL errors: ${JSON.stringify(errors)}`)
      return data
    },
  }
}

/** Sends `createConnectLink` and returns its result, which may be an error. */
export async function requestLink(
  { send }: Pick<Gateway, 'send'>,
  provider: ProviderKey = 'FIVETRAN',
  more: Partial<CreateConnectLinkInput> = {},
) {
  const input = { connector: 'hubspot', endUser: { id: 'user-1' }, ...more }
  return (await send(CreateConnectLinkDocument, { provider, input })).createConnectLink
}

/** Creates a link; throws if the result is an error. */
export async function createLink(
  gateway: Pick<Gateway, 'send'>,
  provider: ProviderKey = 'FIVETRAN',
  more: Partial<CreateConnectLinkInput> = {},
) {
  const result = await requestLink(gateway, provider, more)
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

/** The list of connections once the syncs have ended that its first request starts. */
export const freshConnections = (
  { send }: Pick<Gateway, 'send'>,
  variables: ConnectionsQueryVariables = {},
) =>
  vi.waitFor(
    async () => {
      const { connections } = await send(ConnectionsDocument, variables)
      for (const { state, provider } of connections.syncStatus)
        expect([provider, state]).toEqual([provider, 'FRESH'])
      return connections
    },
    { timeout: 60_000, interval: 200 },
  )

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import {
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  type ProviderKey,
  type TypedDocumentString,
} from '../generated/graphql.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A place of our own for the built program, so that nobody rebuilds it under a process that starts. */
const place = mkdtempSync(join(tmpdir(), 'gateway-built-'))
process.once('exit', () => rmSync(place, { recursive: true, force: true }))

let built: Promise<void> | undefined

/** Compiles the program, as `npm start` does; once for all files. */
export function build(): Promise<void> {
  built ??= compile()
  return built
}

async function compile(): Promise<void> {
  for (const name of ['node_modules', 'schema', 'package.json'])
    symlinkSync(join(root, name), join(place, name))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const outDir = join(place, 'dist')
  await promisify(execFile)(process.execPath, [compiler, '-p', 'src', '--outDir', outDir], { cwd: root })
  for (const folder of ['server/pages/static', 'sandbox/data'])
    cpSync(join(root, 'src', folder), join(outDir, folder), { recursive: true })
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Occupies a port until the test is over. */
export async function occupyPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Program {
  readonly pid: number
  readonly ended: Promise<Ended>
  stdout(): string
  stderr(): string
  /** The first line on standard output that matches; an error when the program ends without it. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/** Starts the built program, as `serve` or `purge end-user 1`, with no other environment than this; it does not outlive the test. */
export function run(command: string, environment: Record<string, string>): Program {
  const child = spawn(process.execPath, [join(place, 'dist/main.js'), ...command.split(' ')], {
    cwd: place,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const ended = new Promise<Ended>((resolve) => {
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
    const look = () => {
      const found = pattern.exec(stdout())
      if (found) resolve(found)
    }
    child.stdout?.on('data', look)
    look()
    ended.then(({ code }) => reject(new Error(`the program ended (${code}): ${stdout()}${stderr()}`)))
  })
}

export interface Gateway extends Program {
  readonly url: string
  readonly apiKey: string
  readonly sandboxUrl: string
  send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result>
}

/** The gateway on free ports, up and ready. */
export async function serve(environment: Record<string, string>): Promise<Gateway> {
  const program = run('serve', { PORT: '0', SANDBOX_PORT: '0', ...environment })
  await program.line(/Ctrl-C stops it/)
  const shown = (name: string) => new RegExp(`^ +${name} +(\\S+)`, 'm').exec(program.stdout())?.[1] ?? ''
  const url = shown('GraphiQL')
  const apiKey = environment.GATEWAY_API_KEY ?? shown('API key')
  return {
    ...program,
    url,
    apiKey,
    sandboxUrl: shown('Sandbox'),
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

/** Asks for a link with the sandbox of that provider, whatever the answer. */
export async function askForLink(
  { send }: Pick<Gateway, 'send'>,
  provider: ProviderKey = 'FIVETRAN',
  more: Partial<CreateConnectLinkInput> = {},
) {
  const input = { connector: 'hubspot', endUser: { id: 'user-1' }, ...more }
  return (await send(CreateConnectLinkDocument, { provider, input })).createConnectLink
}

/** Insists on getting one. */
export async function createLink(
  gateway: Pick<Gateway, 'send'>,
  provider: ProviderKey = 'FIVETRAN',
  more: Partial<CreateConnectLinkInput> = {},
) {
  const result = await askForLink(gateway, provider, more)
  if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
  return result.connectLink
}

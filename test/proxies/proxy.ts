import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../helpers/free-port.ts'

export type ProxyName = 'nginx' | 'haproxy'

const pathOf = (name: ProxyName) =>
  ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']
    .map((folder) => join(folder, name))
    .find(existsSync)

/** Why the tests behind a proxy are skipped; `undefined` if they are not. */
export function missingProxy(name: ProxyName): string | undefined {
  if (pathOf(name) !== undefined) return undefined
  console.warn(`The tests behind ${name} are skipped: it is not installed.`)
  return `skipped: ${name} is not installed`
}

export interface RunningProxy {
  /** With its port, without a path. */
  readonly origin: string
  /** What it has written to its log. */
  log(): string
  stop(): Promise<void>
}

/** Starts nginx with one server; `outside` are directives beside it, `inside` those in it. */
export function startNginx(outside: string, inside: string): Promise<RunningProxy> {
  return startProxy('nginx', ({ port, folder }) => {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    return {
      args: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'config')],
      config: `daemon off; worker_processes 1; pid nginx.pid; error_log stderr error;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  ${outside}
  server { listen 127.0.0.1:${port}; ${inside} }
}
`,
    }
  })
}

/** Starts HAProxy with one frontend; its statistics are at `/stats;csv`. */
export function startHaproxy(backend: string): Promise<RunningProxy> {
  return startProxy('haproxy', ({ port, folder }) => ({
    args: ['-f', join(folder, 'config')],
    config: `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend all
  bind 127.0.0.1:${port}
  stats enable
  stats uri /stats
  default_backend gateways
backend gateways
  ${backend}
`,
  }))
}

interface ProxyConfig {
  readonly args: readonly string[]
  readonly config: string
}

async function startProxy(
  name: ProxyName,
  configure: (place: { readonly port: number; readonly folder: string }) => ProxyConfig,
): Promise<RunningProxy> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), `gateway-${name}-`))]
  const { args, config } = configure({ port, folder })
  writeFileSync(join(folder, 'config'), config)
  const child = spawn(pathOf(name) ?? name, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let written = ''
  child.stderr.on('data', (chunk) => {
    written += String(chunk)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let attempt = 0; !(await accepts(port)); attempt += 1) {
    if (child.exitCode !== null || attempt > 300) throw new Error(`${name} did not start: ${written}`)
    await sleep(100)
  }
  return {
    origin: `http://127.0.0.1:${port}`,
    log: () => written,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

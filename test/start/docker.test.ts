import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { variablesSchema } from '../../src/app/variables.ts'
import { testDatabaseUrl } from '../helpers/database.ts'
import { freePort } from '../helpers/free-port.ts'
import { buildStages, environmentOf, readStages, textOfOnly } from './dockerfile.ts'
import { temporaryFolder } from './process.ts'
import { newStore } from './store.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 })

/** Not root, and not the owner of the program's files. */
const otherUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const keys = { GATEWAY_API_KEY: 'k'.repeat(32), GATEWAY_ENCRYPTION_KEY: 'k'.repeat(32) }
const [last = []] = [...readStages().values()].slice(-1)

describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-image-'))
  let app = ''
  let offline: string | undefined

  beforeAll(async () => {
    chmodSync(folder, 0o755)
    try {
      app = await buildStages(folder)
    } catch (error) {
      if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH/.test(String(error))) throw error
      offline = 'skipped: the registry of npm cannot be reached'
      console.warn(`The tests of the image are ${offline}.`)
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('starts without development packages, as another user who may write nothing', async (context) => {
    if (offline !== undefined) return context.skip(offline)
    expect(readdirSync(join(app, 'node_modules'))).not.toContain('typescript')
    const PORT = String(await freePort())
    const url = `http://127.0.0.1:${PORT}`
    const before = filesIn(app)
    const environment = { ...environmentOf(last), ...keys, ...(await store()), PORT, HOST: '127.0.0.1' }
    const program = start(app, [...command('ENTRYPOINT'), ...command('CMD')], environment)
    expect(await runHealthCheck(app, PORT)).toBe(1)
    await expect
      .poll(() => fetch(`${url}/ready`).then(({ status }) => status, program.failure), { timeout: 120_000 })
      .toBe(200)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(await runHealthCheck(app, PORT)).toBe(0)
    expect(await program.stop(textOfOnly(last, 'STOPSIGNAL'))).toBe(0)
    expect(filesIn(app)).toEqual(before)
  })

  /** On PostgreSQL there is no data folder; the embedded store gets one as a volume would be mounted. */
  async function store(): Promise<Record<string, string>> {
    if (testDatabaseUrl !== undefined) return { DATABASE_URL: (await newStore()).DATABASE_URL ?? '' }
    const DATA_DIR = temporaryFolder()
    if (otherUser.uid !== undefined) chownSync(DATA_DIR, otherUser.uid, otherUser.gid)
    return { DATA_DIR }
  }
})

const command = (name: string): readonly string[] => JSON.parse(textOfOnly(last, name))
const filesIn = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()

async function runHealthCheck(cwd: string, PORT: string): Promise<number | null> {
  const [, json = ''] = /CMD (\[.*\])$/.exec(textOfOnly(last, 'HEALTHCHECK')) ?? []
  return start(cwd, JSON.parse(json), { PORT }).ended
}

/** Runs a command as the image does: without a shell, with nothing else in its environment. */
function start(cwd: string, [program = '', ...args]: readonly string[], environment: Record<string, string>) {
  const path = `${join(process.execPath, '..')}:/usr/bin:/bin`
  const child = spawn(program, args, { cwd, env: { PATH: path, ...environment }, ...otherUser })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    ended,
    /** What the program has written, in place of a response. */
    failure: () => stderr,
    stop(signal: string) {
      child.kill(signal === 'SIGTERM' ? signal : 'SIGKILL')
      return ended
    },
  }
}

test('the image runs as a user without rights and listens on all addresses', () => {
  expect(textOfOnly(last, 'USER')).toBe('node')
  expect(environmentOf(last)).toEqual({ NODE_ENV: 'production', HOST: '0.0.0.0' })
})

describe('compose.yaml', () => {
  const text = readFileSync(new URL('../../compose.yaml', import.meta.url), 'utf8')
  const [, gateway = '', database = ''] = text.split(/^ {2}(?:gateway|database):\n/m)
  const environmentIn = (service: string) =>
    [...(/^ {4}environment:\n((?: {6}.*\n)+)/m.exec(service)?.[1] ?? '').matchAll(/^ {6}(\w+): (.*)$/gm)].map(
      ([, name = '', value = '']) => [name, value] as const,
    )

  test('sets only known settings of the gateway, and has no default for a secret', () => {
    const settings = environmentIn(gateway)
    expect(settings.length).toBeGreaterThan(3)
    const known = Object.keys(variablesSchema.shape)
    expect(settings.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([])
    for (const [name, value] of [...settings, ...environmentIn(database)])
      if (/KEY|PASSWORD|DATABASE_URL/.test(name)) expect(value).toMatch(/\$\{\w+:\?is required\}/)
  })

  test('waits for a healthy database, and gives the gateway the time that its shutdown can take', () => {
    expect(gateway).toContain('condition: service_healthy')
    expect(database).toContain('pg_isready')
    expect(database).toMatch(/psql[\s\S]*create role gateway login password :'password';\n\s*create database/)
    const [, seconds] = /stop_grace_period: (\d+)s/.exec(gateway) ?? []
    const [, delay] = /SHUTDOWN_DELAY_SECONDS: (\d+)/.exec(gateway) ?? []
    expect(Number(seconds)).toBeGreaterThan(Number(delay) + 34)
  })
})

import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** Another process holds the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
}

const holder = z.object({ pid: z.number().int(), host: z.string(), nonce: z.string() })

const heartbeatMs = 10_000
const silentMs = 60_000

export interface FolderLock {
  release(): void
}

/**
 * Takes the lock on a folder for as long as this process lives. The file names its holder; a holder on this host
 * that no longer runs, or one elsewhere (another container on the same volume) that has been silent for a
 * minute, is taken over. `onLost` is told when somebody has taken it over from us.
 */
export async function lockFolder(file: string, onLost: () => void): Promise<FolderLock> {
  const nonce = randomUUID()
  if (!write(file, nonce)) {
    refuseIfAlive(file)
    rmSync(file, { force: true })
    if (!write(file, nonce)) throw inUse(file)
  }
  // Two processes may find the same stale lock in the same moment; only the later writer stays in the file.
  await sleep(50)
  if (read(file)?.nonce !== nonce) throw inUse(file)
  const heartbeat = setInterval(() => {
    if (keep(file, nonce)) return
    clearInterval(heartbeat)
    onLost()
  }, heartbeatMs).unref()
  return {
    release() {
      clearInterval(heartbeat)
      if (read(file)?.nonce === nonce) rmSync(file, { force: true })
    },
  }
}

/** Shows that we are alive, writing the file anew if somebody removed it; `false`: it is no longer ours. */
function keep(file: string, nonce: string): boolean {
  try {
    if (read(file)?.nonce !== nonce) return write(file, nonce)
    utimesSync(file, new Date(), new Date())
    return true
  } catch {
    // A folder that has gone away or is full cannot be kept safely.
    return false
  }
}

function write(file: string, nonce: string): boolean {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname(), nonce }), {
      flag: 'wx',
      mode: 0o600,
    })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function read(file: string): z.output<typeof holder> | undefined {
  // A file that is gone, half written or foreign names no holder.
  try {
    return holder.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

function refuseIfAlive(file: string): void {
  const held = read(file)
  if (held === undefined) return
  // In a container every gateway has the same process id: only on one host does an id tell anything.
  const isHere = held.host === hostname()
  const isAlive = isHere
    ? held.pid !== process.pid && isRunning(held.pid)
    : Date.now() - statSync(file).mtimeMs < silentMs
  if (isAlive) throw inUse(file, held)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const inUse = (file: string, by?: { pid: number; host: string }) =>
  new FolderInUseError(
    `The data folder is in use by another gateway${by ? ` (process ${by.pid} on ${by.host})` : ''}: ${file}. Stop it, choose another DATA_DIR, or set DATABASE_URL to share one PostgreSQL.`,
  )

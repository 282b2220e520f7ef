import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { OperatorError } from '../domain/errors.ts'

/** Another process holds the folder. */
export class FolderInUseError extends OperatorError {
  override readonly name = 'FolderInUseError'
}

const holderSchema = z.object({ pid: z.number().int(), host: z.string(), nonce: z.string() })

const heartbeatMs = 10_000
const staleAfterMs = 60_000

export interface FolderLock {
  release(): void
}

/**
 * Locks a folder until `release` is called. The file contains the holder's process ID and host name. A stale lock is
 * taken over: one whose process on this host has ended, or one without a heartbeat for 60 s. Throws FolderInUseError if the lock is held. `onLost` is called once if the lock is
 * lost.
 */
export async function lockFolder(file: string, onLost: () => void): Promise<FolderLock> {
  const nonce = randomUUID()
  if (!createLock(file, nonce)) {
    throwIfHeld(file)
    rmSync(file, { force: true })
    if (!createLock(file, nonce)) throw folderInUse(file)
  }
  // Two processes may take over the same stale lock at the same time; the later writer holds it.
  await sleep(50)
  if (readHolder(file)?.nonce !== nonce) throw folderInUse(file)
  const heartbeat = setInterval(() => {
    if (refreshLock(file, nonce)) return
    clearInterval(heartbeat)
    onLost()
  }, heartbeatMs).unref()
  return {
    release() {
      clearInterval(heartbeat)
      if (readHolder(file)?.nonce === nonce) rmSync(file, { force: true })
    },
  }
}

/**
 * Heartbeat: updates the modification time, or creates the file again if it was removed. Returns `false` if the lock is
 * lost.
 */
function refreshLock(file: string, nonce: string): boolean {
  try {
    if (readHolder(file)?.nonce !== nonce) return createLock(file, nonce)
    utimesSync(file, new Date(), new Date())
    return true
  } catch {
    // In a folder that was removed or is full, the lock cannot be kept.
    return false
  }
}

/** Returns `false` if the file exists. */
function createLock(file: string, nonce: string): boolean {
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

function readHolder(file: string): z.output<typeof holderSchema> | undefined {
  // Caught, because a missing, partly written or foreign file has no holder.
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

function throwIfHeld(file: string): void {
  const holder = readHolder(file)
  if (holder === undefined) return
  // Process IDs are comparable on one host only: gateways in different containers usually have the same one.
  const isSameHost = holder.host === hostname()
  const isAlive = isSameHost ? holder.pid !== process.pid && isRunning(holder.pid) : true
  // The ID of a process that has ended may belong to another program by now, which sends no heartbeats.
  if (isAlive && Date.now() - statSync(file).mtimeMs < staleAfterMs) throw folderInUse(file, holder)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const folderInUse = (file: string, holder?: { pid: number; host: string }) =>
  new FolderInUseError(
    `The data folder is in use by another gateway${holder ? ` (process ${holder.pid} on ${holder.host})` : ''}: ${file}. Stop it, choose another DATA_DIR, or set DATABASE_URL to share one PostgreSQL.`,
  )

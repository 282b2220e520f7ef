import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { lockFolder } from '../../src/store/lock-file.ts'

/** Path of a lock file that does not exist, in a temporary folder. */
function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'gateway.lock')
}

async function acquire(file: string, onLost = () => {}) {
  const lock = await lockFolder(file, onLost)
  onTestFinished(lock.release)
  return lock
}

interface Holder {
  readonly pid: number
  readonly host: string
}

const otherLock = JSON.stringify({ pid: process.ppid, host: hostname(), nonce: 'other' })

/** Writes the lock file of another process, running or ended. */
function lockFileOf(holder: Holder): string {
  const file = lockPath()
  writeFileSync(file, JSON.stringify({ ...holder, nonce: 'other' }))
  return file
}

const holderOf = (file: string): Holder => JSON.parse(readFileSync(file, 'utf8'))
const thisProcess = { pid: process.pid, host: hostname() }
const endedPid = () => spawnSync(process.execPath, ['--version']).pid

describe('lockFolder', () => {
  test('takes over the lock of a running process that sends no heartbeats: its ID belongs to another program', async () => {
    const file = lockFileOf({ pid: process.ppid, host: hostname() })
    const old = new Date(Date.now() - 61_000)
    utimesSync(file, old, old)
    await acquire(file)
    expect(holderOf(file)).toMatchObject(thisProcess)
  })

  test('writes the holder to a file with mode 0600, and removes it on release', async () => {
    const file = lockPath()
    const lock = await acquire(file)

    expect(holderOf(file)).toMatchObject(thisProcess)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    lock.release()
    expect(existsSync(file)).toBe(false)
    lock.release()
    await acquire(file)
  })

  test('rejects if another process is running, with a one-line message that has its process ID', async () => {
    const file = lockFileOf({ pid: process.ppid, host: hostname() })

    await expect(acquire(file)).rejects.toMatchObject({
      name: 'FolderInUseError',
      message: expect.stringMatching(new RegExp(`^[^\\n]*process ${process.ppid} on [^\\n]*${file}[^\\n]*$`)),
    })
    expect(holderOf(file).pid).toBe(process.ppid)
  })

  test('takes over the lock of a process that has ended', async () => {
    const file = lockFileOf({ pid: endedPid(), host: hostname() })
    await acquire(file)
    expect(holderOf(file)).toMatchObject(thisProcess)
  })

  test('takes over a lock with its thisProcess process ID: a restarted container is process 1 again', async () => {
    const file = lockFileOf(thisProcess)
    await acquire(file)
    expect(readFileSync(file, 'utf8')).not.toContain('other')
  })

  test.each([
    ['another process ID', endedPid()],
    ['the same process ID, as in two containers on one volume', process.pid],
  ])('rejects if a host with %s has a recent heartbeat', async (_, pid) => {
    const file = lockFileOf({ pid, host: 'other-host' })

    await expect(acquire(file)).rejects.toMatchObject({ name: 'FolderInUseError' })
    expect(holderOf(file).host).toBe('other-host')
  })

  test('takes over the lock of another host after 60 s without a heartbeat', async () => {
    const file = lockFileOf({ pid: process.pid, host: 'other-host' })
    const lastHeartbeat = new Date(Date.now() - 61_000)
    utimesSync(file, lastHeartbeat, lastHeartbeat)

    await acquire(file)
    expect(holderOf(file)).toMatchObject(thisProcess)
  })

  test.each(['', '{"pid":', 'not a lock', '{"pid":"1"}'])(
    'takes over an unreadable lock: %j',
    async (text) => {
      const file = lockPath()
      writeFileSync(file, text)
      await acquire(file)
      expect(holderOf(file)).toMatchObject(thisProcess)
    },
  )

  test('gives a stale lock to one of two concurrent callers', async () => {
    const file = lockFileOf({ pid: endedPid(), host: hostname() })

    const results = await Promise.allSettled([acquire(file), acquire(file)])

    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('does not remove a lock on release that another process has taken over', async () => {
    const file = lockPath()
    const lock = await acquire(file)
    writeFileSync(file, otherLock)

    lock.release()

    expect(holderOf(file).pid).toBe(process.ppid)
  })
})

describe('heartbeat', () => {
  afterEach(() => void vi.useRealTimers())

  /** Acquires a lock whose heartbeat is triggered by `beat`. */
  async function acquireWithTimer() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const file = lockPath()
    const onLost = vi.fn()
    const lock = await acquire(file, onLost)
    return { file, lock, onLost, beat: () => vi.advanceTimersByTime(10_000) }
  }

  test('updates the modification time of the lock file', async () => {
    const { file, onLost, beat } = await acquireWithTimer()
    utimesSync(file, 0, 0)

    beat()

    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000)
    expect(onLost).not.toHaveBeenCalled()
  })

  test('creates the lock file again when it was removed', async () => {
    const { file, onLost, beat } = await acquireWithTimer()
    rmSync(file)

    beat()

    expect(holderOf(file)).toMatchObject(thisProcess)
    expect(onLost).not.toHaveBeenCalled()
  })

  test.each([
    ['another process has taken the lock over', (file: string) => writeFileSync(file, otherLock)],
    ['the folder was removed', (file: string) => rmSync(dirname(file), { recursive: true })],
  ])('calls onLost once when %s', async (_, breakLock) => {
    const { file, lock, onLost, beat } = await acquireWithTimer()
    breakLock(file)

    beat()
    beat()
    lock.release()

    expect(onLost).toHaveBeenCalledTimes(1)
    if (existsSync(file)) expect(readFileSync(file, 'utf8')).toBe(otherLock)
  })

  test('stops after the release', async () => {
    const { file, lock, onLost, beat } = await acquireWithTimer()
    lock.release()

    beat()

    expect(existsSync(file)).toBe(false)
    expect(onLost).not.toHaveBeenCalled()
  })
})

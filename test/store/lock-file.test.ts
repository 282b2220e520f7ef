import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { lockFolder } from '../../src/store/lock-file.ts'

/** A lock file in a folder of the test's own; nothing is there yet. */
function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'gateway.lock')
}

async function take(file: string, onLost = () => {}) {
  const lock = await lockFolder(file, onLost)
  onTestFinished(lock.release)
  return lock
}

interface Holder {
  readonly pid: number
  readonly host: string
}

const theirs = JSON.stringify({ pid: process.ppid, host: hostname(), nonce: 'theirs' })

/** A lock that somebody left or holds. */
function heldBy(holder: Holder): string {
  const file = lockPath()
  writeFileSync(file, JSON.stringify({ ...holder, nonce: 'theirs' }))
  return file
}

const holderOf = (file: string): Holder => JSON.parse(readFileSync(file, 'utf8'))
const own = { pid: process.pid, host: hostname() }
const endedPid = () => spawnSync(process.execPath, ['--version']).pid

describe('a lock', () => {
  test('names its holder, is for its owner alone to read, and is gone when it is released', async () => {
    const file = lockPath()
    const lock = await take(file)

    expect(holderOf(file)).toMatchObject(own)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    lock.release()
    expect(existsSync(file)).toBe(false)
    lock.release()
    await take(file)
  })

  test('of a process that runs is respected, and the refusal names it in one line', async () => {
    const file = heldBy({ pid: process.ppid, host: hostname() })

    await expect(take(file)).rejects.toMatchObject({
      name: 'FolderInUseError',
      message: expect.stringMatching(new RegExp(`^[^\\n]*process ${process.ppid} on [^\\n]*${file}[^\\n]*$`)),
    })
    expect(holderOf(file).pid).toBe(process.ppid)
  })

  test('of a process that has ended is taken over', async () => {
    const file = heldBy({ pid: endedPid(), host: hostname() })
    await take(file)
    expect(holderOf(file)).toMatchObject(own)
  })

  test('of an earlier life under the same number is taken over: a container starts again as process 1', async () => {
    const file = heldBy(own)
    await take(file)
    expect(readFileSync(file, 'utf8')).not.toContain('theirs')
  })

  test.each([
    ['another number', endedPid()],
    ['the same number, as in two containers on one volume', process.pid],
  ])('held on another machine by %s is respected while its heart beats', async (_, pid) => {
    const file = heldBy({ pid, host: 'another-machine' })

    await expect(take(file)).rejects.toMatchObject({ name: 'FolderInUseError' })
    expect(holderOf(file).host).toBe('another-machine')
  })

  test('held on another machine is taken over after a minute of silence', async () => {
    const file = heldBy({ pid: process.pid, host: 'another-machine' })
    const longAgo = new Date(Date.now() - 61_000)
    utimesSync(file, longAgo, longAgo)

    await take(file)
    expect(holderOf(file)).toMatchObject(own)
  })

  test.each(['', '{"pid":', 'not ours', '{"pid":"1"}'])(
    'that nobody can read is taken over: %j',
    async (text) => {
      const file = lockPath()
      writeFileSync(file, text)
      await take(file)
      expect(holderOf(file)).toMatchObject(own)
    },
  )

  test('that was left is taken by one of two that find it at once', async () => {
    const file = heldBy({ pid: endedPid(), host: hostname() })

    const taken = await Promise.allSettled([take(file), take(file)])

    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('that was taken over is not removed by the one who lost it', async () => {
    const file = lockPath()
    const lock = await take(file)
    writeFileSync(file, theirs)

    lock.release()

    expect(holderOf(file).pid).toBe(process.ppid)
  })
})

describe('a lock that is held', () => {
  afterEach(() => void vi.useRealTimers())

  /** A lock whose heart beats when the test says so. */
  async function held() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const file = lockPath()
    const onLost = vi.fn()
    const lock = await take(file, onLost)
    return { file, lock, onLost, beat: () => vi.advanceTimersByTime(10_000) }
  }

  test('shows that its holder is alive', async () => {
    const { file, onLost, beat } = await held()
    utimesSync(file, 0, 0)

    beat()

    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000)
    expect(onLost).not.toHaveBeenCalled()
  })

  test('is written anew when somebody has removed the file', async () => {
    const { file, onLost, beat } = await held()
    rmSync(file)

    beat()

    expect(holderOf(file)).toMatchObject(own)
    expect(onLost).not.toHaveBeenCalled()
  })

  test.each([
    ['another process has taken it', (file: string) => writeFileSync(file, theirs)],
    ['its folder is gone', (file: string) => rmSync(dirname(file), { recursive: true })],
  ])('tells its holder, once, that %s', async (_, happens) => {
    const { file, lock, onLost, beat } = await held()
    happens(file)

    beat()
    beat()
    lock.release()

    expect(onLost).toHaveBeenCalledTimes(1)
    if (existsSync(file)) expect(readFileSync(file, 'utf8')).toBe(theirs)
  })

  test('is silent once it is released', async () => {
    const { file, lock, onLost, beat } = await held()
    lock.release()

    beat()

    expect(existsSync(file)).toBe(false)
    expect(onLost).not.toHaveBeenCalled()
  })
})

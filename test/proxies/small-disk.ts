import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { unprivileged } from './postgres-server.ts'

const megabytes = 64

function mount(folder: string): void {
  const owner = unprivileged.uid === undefined ? '' : `,uid=${unprivileged.uid},gid=${unprivileged.gid}`
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700${owner}`, 'tmpfs', folder], {
    stdio: 'ignore',
  })
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'gateway-disk-'))

function remove(folder: string): void {
  execFileSync('umount', ['--lazy', folder])
  rmdirSync(folder)
}

/** Why the tests with a full disk are not defined; `undefined` if they are. */
export const noDisk = reasonAgainst()

if (noDisk !== undefined) console.warn(`The tests with a full disk are ${noDisk}.`)

function reasonAgainst(): string | undefined {
  const folder = newFolder()
  try {
    mount(folder)
    remove(folder)
    return undefined
  } catch {
    rmdirSync(folder)
    return 'left out: this user may not mount a file system'
  }
}

/** Mounts a file system of 64 MB in memory until the test ends. */
export function mountSmallDisk() {
  const folder = newFolder()
  mount(folder)
  onTestFinished(() => remove(folder))
  const filler = join(folder, 'filler')
  return {
    folder,
    fill(): void {
      try {
        execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' })
      } catch {
        // dd fails as soon as the disk is full.
      }
      chmodSync(filler, 0o600)
    },
    empty: () => rmSync(filler),
  }
}

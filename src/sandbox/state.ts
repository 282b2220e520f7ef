import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const saveDelayMs = 50

/** The sandbox's whole memory: one plain JSON object of named slices, in a file or in memory only. */
export interface State {
  slice<T extends object>(name: string, fresh: () => T): () => T
  /** Something was mutated: write the file soon. */
  changed(): void
  /** Every slice becomes fresh again. */
  reset(): void
  /** Writes what is not yet written. */
  close(): void
}

/** Reads the file when there is one; a file that is not JSON is an error rather than silently lost state. */
export function openState(file?: string): State {
  const saved = file === undefined ? {} : readSaved(file)
  const slices = new Map<string, { get(): object; reset(): void }>()
  let timer: NodeJS.Timeout | undefined

  function write() {
    clearTimeout(timer)
    timer = undefined
    if (file === undefined) return
    const whole = { ...saved, ...Object.fromEntries([...slices].map(([name, slice]) => [name, slice.get()])) }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.tmp`, JSON.stringify(whole), { mode: 0o600 })
    renameSync(`${file}.tmp`, file)
  }

  // From a timer a full disk would end the whole process; the next change tries again.
  function writeOrWarn() {
    try {
      write()
    } catch (error) {
      process.emitWarning(
        `The sandbox could not save its state: ${error instanceof Error ? error.message : error}`,
      )
    }
  }

  function changed() {
    if (file === undefined || timer !== undefined) return
    timer = setTimeout(writeOrWarn, saveDelayMs)
    timer.unref()
  }

  return {
    slice<T extends object>(name: string, fresh: () => T) {
      let current: T = { ...fresh(), ...saved[name] }
      const reset = () => {
        current = fresh()
      }
      slices.set(name, { get: () => current, reset })
      return () => current
    },
    changed,
    reset() {
      for (const slice of slices.values()) slice.reset()
      changed()
    },
    close() {
      if (timer !== undefined) write()
    },
  }
}

function readSaved(file: string): Record<string, object> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} does not hold the state of a sandbox; move it away to start afresh`, {
      cause: error,
    })
  }
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const saveDelayMs = 50

/** The state of the sandbox: one plain JSON object of named slices, in a file or in memory only. */
export interface StateFile {
  /**
   * Registers a slice; the returned function gives its current object, which a reset replaces by the result of
   * `createInitial` for it.
   */
  slice<T extends object>(name: string, createInitial: (previous?: T) => T): () => T
  /** Writes the file after 50 ms; call it after a mutation. */
  scheduleSave(): void
  /** Resets every slice to its initial value. */
  reset(): void
  /** Writes pending changes. */
  close(): void
}

/** Reads `file` if it exists. Throws when it is not JSON, instead of silently losing the state. */
export function openState(file?: string): StateFile {
  const saved = file === undefined ? {} : readSaved(file)
  const slices = new Map<string, { get(): object; reset(): void }>()
  let timer: NodeJS.Timeout | undefined

  function write() {
    clearTimeout(timer)
    timer = undefined
    if (file === undefined) return
    const content = {
      ...saved,
      ...Object.fromEntries([...slices].map(([name, slice]) => [name, slice.get()])),
    }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.tmp`, JSON.stringify(content), { mode: 0o600 })
    renameSync(`${file}.tmp`, file)
  }

  // An error thrown in a timer (a full disk) would end the process; the next change retries the write.
  function writeOrWarn() {
    try {
      write()
    } catch (error) {
      process.emitWarning(
        `The sandbox could not save its state: ${error instanceof Error ? error.message : error}`,
      )
    }
  }

  function scheduleSave() {
    if (file === undefined || timer !== undefined) return
    timer = setTimeout(writeOrWarn, saveDelayMs)
    timer.unref()
  }

  return {
    slice<T extends object>(name: string, createInitial: (previous?: T) => T) {
      let current: T = { ...createInitial(), ...saved[name] }
      const reset = () => {
        current = createInitial(current)
      }
      slices.set(name, { get: () => current, reset })
      return () => current
    },
    scheduleSave,
    reset() {
      for (const slice of slices.values()) slice.reset()
      scheduleSave()
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
    throw new Error(`${file} is not a sandbox state file; move or delete it to start with an empty state`, {
      cause: error,
    })
  }
}

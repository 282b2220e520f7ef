import { mkdirSync, statSync } from 'node:fs'
import { OperatorError } from '../domain/errors.ts'

/** The data folder cannot be used, or is open to other users of the machine. */
export class DataFolderError extends OperatorError {
  override readonly name = 'DataFolderError'
}

/**
 * Creates the folder, readable by its owner only. Throws DataFolderError if it exists and the group or others have any
 * access: it contains API keys, encryption keys and, with them, links.
 */
export function openDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Windows reports no permissions of group and others.
  if (process.platform === 'win32') return
  const mode = statSync(folder).mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new DataFolderError(
      `The data folder ${folder} is open to other users (mode ${mode.toString(8)}). Run: chmod 700 ${folder}`,
    )
}

/** ENOSPC of the file system that the embedded database brings with it. */
const noSpace = 51

/** The embedded database throws plain objects for errors of the file system. */
export function toDataFolderError(error: unknown, folder: string): unknown {
  if (error instanceof Error || typeof error !== 'object' || error === null || !('errno' in error))
    return error
  return new DataFolderError(
    error.errno === noSpace
      ? `The data folder ${folder} is on a full disk: see DATA_DIR.`
      : `The embedded database cannot be opened in ${folder} (file system error ${error.errno}).`,
  )
}

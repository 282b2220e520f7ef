import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config } from '../../app/config.ts'
import { type Result, result } from './check.ts'

const mebibyte = 1_048_576
/** The embedded database needs a few files of 16 MiB for a change, and more to be migrated. */
const failBelowMebibytes = 128
const warnBelowMebibytes = 1_024

export interface FreeSpace {
  readonly bytes: number
  /** Whether files can be created; file systems have a maximum number of them. */
  readonly hasFiles: boolean
}

/** Reads what this user may still write to the file system of a folder. */
export async function readFreeSpace(folder: string): Promise<FreeSpace> {
  const { bavail, bsize, files, ffree } = await statfs(folder)
  // Some file systems report no numbers of files.
  return { bytes: bavail * bsize, hasFiles: files === 0 || ffree > 0 }
}

/** `read`: reads the free space of a folder that exists. */
export async function checkDisk(
  { dataDir, databaseUrl, production }: Pick<Config, 'dataDir' | 'databaseUrl' | 'production'>,
  read = readFreeSpace,
): Promise<readonly Result[]> {
  if (production && databaseUrl !== null)
    return [result('SKIP', 'free space', 'In production with DATABASE_URL nothing is written to DATA_DIR.')]
  let folder = resolve(dataDir)
  while (!existsSync(folder)) folder = dirname(folder)
  const { bytes, hasFiles } = await read(folder)
  const mebibytes = Math.floor(bytes / mebibyte)
  const free = `The file system of DATA_DIR (${resolve(dataDir)}) has ${mebibytes} MiB free`
  const remedy = 'free space, or move DATA_DIR.'
  if (!hasFiles)
    return [result('FAIL', 'free space', `${free}, but no further files are possible: ${remedy}`)]
  if (mebibytes < failBelowMebibytes)
    return [result('FAIL', 'free space', `${free}, less than ${failBelowMebibytes}: ${remedy}`)]
  if (mebibytes < warnBelowMebibytes)
    return [result('WARN', 'free space', `${free}, less than ${warnBelowMebibytes}: ${remedy}`)]
  return [result('PASS', 'free space', `${free}.`)]
}

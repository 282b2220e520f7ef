import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const keysFile = z.object({ apiKey: z.string().min(1), encryptionKey: z.string().min(32) })

export type LocalKeys = z.output<typeof keysFile>

/** Keys for a gateway that was given none: made once and kept in its data folder, readable by its owner alone. */
export function localKeys(dataDir: string): LocalKeys {
  const file = join(dataDir, 'keys.json')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const made = {
    apiKey: `gw_dev_${randomBytes(24).toString('base64url')}`,
    encryptionKey: randomBytes(32).toString('base64'),
  }
  try {
    writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
    return made
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    // Never made anew over an old file: what was sealed with the old key would be lost.
    return keysFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  }
}

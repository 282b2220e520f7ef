import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const keysFile = z.object({ apiKey: z.string().min(1), encryptionKey: z.string().min(32) })

export type GatewayKeys = z.output<typeof keysFile>

/** The kept keys are damaged. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError'
}

/** Keys for a gateway that was given none: made once and kept in its data folder, readable by its owner alone. */
export function devKeys(dataDir: string): GatewayKeys {
  const file = join(dataDir, 'keys.json')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const made = {
    apiKey: `gw_dev_${randomBytes(24).toString('base64url')}`,
    encryptionKey: randomBytes(32).toString('base64'),
  }
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  try {
    // Whole or not at all, and never over an old file: what was sealed with its key would be lost.
    linkSync(draft, file)
    return made
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return readKeys(file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The configured keys; those that are not given are made. */
export function gatewayKeys({
  apiKey,
  encryptionKey,
  dataDir,
}: {
  readonly apiKey: string | null
  readonly encryptionKey: string | null
  readonly dataDir: string
}): GatewayKeys {
  if (apiKey !== null && encryptionKey !== null) return { apiKey, encryptionKey }
  const made = devKeys(dataDir)
  return { apiKey: apiKey ?? made.apiKey, encryptionKey: encryptionKey ?? made.encryptionKey }
}

function readKeys(file: string): GatewayKeys {
  try {
    return keysFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new KeysFileError(
      `${file} cannot be read: restore it, or remove it and lose the links sealed with it.`,
      { cause },
    )
  }
}

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../domain/errors.ts'
import { openDataFolder } from '../store/data-folder.ts'

const keysFile = z.object({ apiKey: z.string().min(1), encryptionKey: z.string().min(32) })

export type GatewayKeys = z.output<typeof keysFile>

/** The keys file exists but cannot be read or is invalid. */
export class KeysFileError extends OperatorError {
  override readonly name = 'KeysFileError'
}

/**
 * Keys for a gateway without configured ones: generated once and stored as `keys.json` in the data folder, readable by
 * its owner only. Throws KeysFileError.
 */
export function devKeys(dataDir: string): GatewayKeys {
  const file = join(dataDir, 'keys.json')
  openDataFolder(dataDir)
  const generated = {
    apiKey: `gw_dev_${randomBytes(24).toString('base64url')}`,
    encryptionKey: randomBytes(32).toString('base64'),
  }
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${JSON.stringify(generated, null, 2)}\n`, { mode: 0o600 })
  try {
    // Atomic, and fails if the file exists: overwriting it would lose all data encrypted with its key.
    linkSync(draft, file)
    return generated
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return readKeys(file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The keys that `devKeys` has stored; `null`: there are none. Throws KeysFileError. */
export function storedKeys(dataDir: string): GatewayKeys | null {
  const file = join(dataDir, 'keys.json')
  return existsSync(file) ? readKeys(file) : null
}

/** The configured keys; missing ones are taken from `devKeys`. */
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
  const generated = devKeys(dataDir)
  return {
    apiKey: apiKey ?? generated.apiKey,
    encryptionKey: encryptionKey ?? generated.encryptionKey,
  }
}

function readKeys(file: string): GatewayKeys {
  try {
    return keysFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new KeysFileError(
      `${file} cannot be read. Restore it, or delete it: links that were encrypted with its key are then lost.`,
      { cause },
    )
  }
}

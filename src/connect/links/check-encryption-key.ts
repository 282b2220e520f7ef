import { OperatorError } from '../../domain/errors.ts'
import type { Database } from '../../store/database.ts'
import type { Encryption } from '../../store/encryption.ts'
import { encryptionContext } from './link-url.ts'

/** What is stored was encrypted with another key. */
export class EncryptionKeyError extends OperatorError {
  override readonly name = 'EncryptionKeyError'
}

/** Throws EncryptionKeyError if the latest stored link cannot be decrypted with the configured keys. */
export async function checkEncryptionKey(db: Database, encryption: Encryption): Promise<void> {
  const link = await db
    .selectFrom('connectLinks')
    .select(['id', 'tokenEncrypted'])
    .where('tokenEncrypted', 'is not', null)
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (link === undefined || link.tokenEncrypted === null) return
  try {
    encryption.decrypt(link.tokenEncrypted, encryptionContext(link.id, 'token'))
  } catch (cause) {
    throw new EncryptionKeyError(
      'The stored links were encrypted with another key. Set GATEWAY_ENCRYPTION_KEY to it, or add it to GATEWAY_ENCRYPTION_KEYS_OLD.',
      { cause },
    )
  }
}

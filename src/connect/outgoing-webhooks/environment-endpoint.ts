import type { Encryption } from '../../store/encryption.ts'
import {
  deleteEndpoint,
  findEndpoints,
  insertEndpointIfAbsent,
  listEndpoints,
  updateEndpoint,
} from '../../store/webhook-endpoints.ts'
import type { ConnectContext } from '../context.ts'
import { emptyEndpoint } from './manage-endpoints.ts'
import { decryptSecret, encryptSecret } from './sign-message.ts'

/** There is one, whatever its address is. */
export const environmentEndpointId = '00000000-0000-4000-8000-000000000001'

/** The endpoint of the variables WEBHOOK_URL and WEBHOOK_SECRET; receives all types of events. */
export interface EnvironmentEndpoint {
  readonly url: string
  readonly secret: string
}

/** Makes the stored endpoint that of the environment; `null`: deletes it. Done at each start. */
export async function storeEnvironmentEndpoint(
  { db, encryption, now }: Pick<ConnectContext, 'db' | 'encryption' | 'now'>,
  endpoint: EnvironmentEndpoint | null,
): Promise<void> {
  const id = environmentEndpointId
  if (endpoint === null) return void (await deleteEndpoint(db, id))
  const [stored] = await findEndpoints(db, [id])
  const at = now()
  const { url, secret } = endpoint
  const columns = { url, secretEncrypted: encryptSecret(encryption, id, secret), updatedAt: at }
  const rest = {
    ...{ id, description: null, eventTypes: [], thin: false, createdAt: at },
    managedBy: 'ENVIRONMENT',
  } as const
  if (stored === undefined) return insertEndpointIfAbsent(db, { ...emptyEndpoint, ...rest, ...columns })
  // A start with the same variables does not enable an endpoint that was disabled because it failed. `reencryptSecrets`
  // follows a new encryption key.
  const isSame = stored.url === url && decryptedOrNull(encryption, id, stored.secretEncrypted) === secret
  if (!isSame) await updateEndpoint(db, id, { ...columns, ...enabled })
}

const enabled = { disabledAt: null, disabledReason: null, failingSince: null }

/** `null`: it was encrypted with a key that is not configured any more. */
function decryptedOrNull(encryption: Encryption, id: string, encrypted: string): string | null {
  try {
    return decryptSecret(encryption, id, encrypted)
  } catch {
    return null
  }
}

/**
 * Encrypts the secrets of all endpoints with the current key. Done at each start, so that a former key can be removed after
 * one. Those that cannot be decrypted stay as they are: their messages fail until the secret is rotated.
 */
export async function reencryptSecrets({
  db,
  encryption,
}: Pick<ConnectContext, 'db' | 'encryption'>): Promise<void> {
  const current = keyIdOf(encryption.encrypt('', ''))
  for (const { id, ...endpoint } of await listEndpoints(db)) {
    const renewed = (encrypted: string | null) => {
      if (encrypted === null || keyIdOf(encrypted) === current) return null
      const secret = decryptedOrNull(encryption, id, encrypted)
      return secret && encryptSecret(encryption, id, secret)
    }
    const secretEncrypted = renewed(endpoint.secretEncrypted)
    const previousSecretEncrypted = renewed(endpoint.previousSecretEncrypted)
    const columns = {
      ...(secretEncrypted && { secretEncrypted }),
      ...(previousSecretEncrypted && { previousSecretEncrypted }),
    }
    if (Object.keys(columns).length > 0) await updateEndpoint(db, id, columns)
  }
}

const keyIdOf = (encrypted: string) => encrypted.split('.')[1]

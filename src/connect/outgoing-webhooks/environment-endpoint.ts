import type { WebhookEndpointRow } from '../../store/schema.ts'
import {
  deleteEndpoint,
  findEndpoints,
  insertEndpoint,
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
  const columns = {
    url: endpoint.url,
    secretEncrypted: encryptSecret(encryption, id, endpoint.secret),
    updatedAt: at,
  }
  if (stored === undefined) {
    const rest = {
      id,
      description: null,
      eventTypes: [],
      thin: false,
      managedBy: 'ENVIRONMENT',
      createdAt: at,
    } as const
    await insertEndpoint(db, { ...emptyEndpoint, ...rest, ...columns })
  } else if (hasChanged(stored)) {
    await updateEndpoint(db, id, { ...columns, disabledAt: null, disabledReason: null, failingSince: null })
  }

  /** A start with the same variables does not enable an endpoint that was disabled because it failed. */
  function hasChanged({ url, secretEncrypted }: WebhookEndpointRow): boolean {
    return url !== endpoint?.url || decryptSecret(encryption, id, secretEncrypted) !== endpoint.secret
  }
}

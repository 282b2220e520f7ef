import type { Encryption } from '../../store/encryption.ts'

/** The response header of `/ready` by which "doctor" recognizes the gateway behind a URL. */
export const identityHeader = 'x-gateway-id'

/**
 * IDs of the gateways with this encryption key, that of the current key first. They are derived one way, so that they may be
 * public.
 */
export const gatewayIdentities = (encryption: Encryption): readonly string[] =>
  encryption.derive('gateway-identity').map((id) => id.slice(0, 16))

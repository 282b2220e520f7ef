export { ConnectError } from './api.ts'
export { type ConnectMessage, closeConnectWindow } from './messages.ts'
export { openConnect, resumeConnect } from './open-connect.ts'
export type {
  Connection,
  ConnectLink,
  ConnectOptions,
  ConnectResult,
  Failure,
  GatewayOptions,
  LinkStatus,
} from './types.ts'

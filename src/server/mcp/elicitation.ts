import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type {
  ElicitRequestURLParams,
  JSONRPCResponse,
  ProgressToken,
  RequestId,
} from '@modelcontextprotocol/sdk/types.js'
import { newToken } from '../../store/encryption.ts'
import { type McpCaller, runOperation } from './run-tool.ts'
import { publishedDocument } from './tools.ts'

/** Shows the link of a tool call to the person who uses the client. */
export interface Elicitation {
  /** Asks the client to open the URL. Its answer is a request of its own: see `answerElicitation`. */
  show(link: { readonly id: string; readonly url: string; readonly message: string }): Promise<void>
  progress(status: string): void
  /** Tells the client that the link is completed. */
  complete(linkId: string): Promise<void>
}

export interface ElicitationOptions {
  readonly transport: Pick<Transport, 'send'>
  /** The tool call, on whose event stream everything is sent. */
  readonly requestId: RequestId
  /** `undefined`: the client does not want to know the progress. */
  readonly progressToken: ProgressToken | undefined
}

/**
 * Sent through the transport instead of the SDK's server, which would wait for the answer in this process and does not know
 * the capabilities that another process was given.
 */
export function createElicitation({ transport, requestId, progressToken }: ElicitationOptions): Elicitation {
  const options = { relatedRequestId: requestId }
  let progress = 0
  return {
    async show({ id, url, message }) {
      const params = { mode: 'url', elicitationId: id, url, message } satisfies ElicitRequestURLParams
      // Unique among the requests to the client, and names the link to the process that gets the answer.
      const requestId = `${id}.${newToken()}`
      await transport.send({ jsonrpc: '2.0', id: requestId, method: 'elicitation/create', params }, options)
    },
    progress(status) {
      if (progressToken === undefined) return
      progress += 1
      const params = { progressToken, progress, message: `The link is ${status}.` }
      // A client that has disconnected gets nothing.
      void transport
        .send({ jsonrpc: '2.0', method: 'notifications/progress', params }, options)
        .catch(() => undefined)
    },
    complete: (elicitationId) =>
      transport.send(
        { jsonrpc: '2.0', method: 'notifications/elicitation/complete', params: { elicitationId } },
        options,
      ),
  }
}

const revoke = { document: publishedDocument('revoke-connect-link'), field: 'revokeConnectLink' }

/**
 * Handles the client's answer to an elicitation. Any process can: a link that was declined is revoked, with the rights of the
 * caller, and the process whose tool call waits for the link sees that. Nothing is to be done after an acceptance.
 */
export async function answerElicitation(caller: McpCaller, answer: JSONRPCResponse): Promise<void> {
  const [, id] = /^([\w-]+)\.[\w-]{43}$/.exec(String(answer.id)) ?? []
  if (id === undefined) return
  if ('result' in answer && answer.result.action === 'accept') return
  // An error means that the link has ended already, or is none of the caller.
  await runOperation(caller, revoke, { id })
}

import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { parse } from 'graphql'
import { isEnded } from '../../connect/links/status.ts'
import type { LinkStatus } from '../../domain/statuses.ts'
import type { Elicitation } from './elicitation.ts'
import { type JsonObject, type McpCaller, type Outcome, runOperation, toolResult } from './run-tool.ts'
import { publishedDocument } from './tools.ts'
import { waitForLink } from './wait-for-link.ts'

/** A link as the operations of the tools select it. */
export interface ToolLink extends JsonObject {
  readonly id: string
  readonly status: LinkStatus
  /** `null`: there is nothing to open, as after a completion. */
  readonly url: string | null
  readonly awaitingConfirmation?: boolean
}

/**
 * The result of a tool that has created a link. With an elicitation, the client shows the link, and the result is what the
 * link has become; without, the text asks to pass the link on.
 */
export async function linkResult(
  caller: McpCaller,
  created: Outcome,
  elicitation: Elicitation | null,
): Promise<CallToolResult> {
  if (created.error) return toolResult(created)
  const { connectLink } = created.value as { readonly connectLink: ToolLink }
  const { id, status, url } = connectLink
  if (elicitation === null || url === null || isEnded(status))
    return toolResult(created, linkText(connectLink))
  const waited = await waitForLink(caller, id, {
    start: async () => elicitation.show({ id, url, message: await requestText(caller, id) }),
    onProgress: elicitation.progress,
  })
  if (waited.error) return toolResult({ error: waited.error })
  if (!waited.isShown) return toolResult(created, linkText(connectLink))
  const read = await runOperation(caller, readLink, { id })
  if (read.error) return toolResult(read)
  const link = read.value as ToolLink
  if (link.status === 'COMPLETED') await elicitation.complete(id)
  const result = toolResult(
    { value: { ...created.value, connectLink: link }, missing: read.missing },
    linkText(link),
  )
  return isEnded(link.status) && link.status !== 'COMPLETED' ? { ...result, isError: true } : result
}

const readLink = { document: publishedDocument('connect-link'), field: 'connectLink' }

/** What has to be done next, or what the link has become. */
export function linkText({ id, status, url, awaitingConfirmation }: ToolLink): string {
  if (status === 'COMPLETED') return 'The connection is ready.'
  if (status === 'REVOKED')
    return 'The link was revoked, as after a refusal to open it: there is no connection from it.'
  if (isEnded(status)) return `The link has ended as ${status}: there is no connection from it.`
  if (awaitingConfirmation)
    return 'The person has signed in. The connection is held until the application confirms it with the code that the person sees.'
  const next = `Afterwards read the link with get_connect_link and the id ${id}.`
  return url === null
    ? `The link is ${status}. ${next}`
    : `The person who connects has to open this URL in a browser: ${url} ${next}`
}

/** For the text that the client shows beside the URL; test/server/mcp compares it with the schema. */
export const describeLink = {
  field: 'connectLink',
  document: parse(`query McpLink($id: ID!) {
  connectLink(id: $id) { purpose connectorKey connector { name } provider { name } endUser { id name } }
}`),
}

interface DescribedLink {
  readonly purpose: 'CONNECT' | 'RECONNECT'
  readonly connectorKey: string
  readonly connector: { readonly name: string } | null
  readonly provider: { readonly name: string }
  readonly endUser: { readonly id: string; readonly name: string | null }
}

async function requestText(caller: McpCaller, id: string): Promise<string> {
  const described = await runOperation(caller, describeLink, { id })
  if (described.error) return 'Open the page to connect.'
  // Its fields are those of the operation.
  const link = described.value as unknown as DescribedLink
  const { purpose, connectorKey, connector, provider, endUser } = link
  const action = purpose === 'RECONNECT' ? 'Reconnect' : 'Connect'
  return `${action} ${connector?.name ?? connectorKey} at ${provider.name} for ${endUser.name ?? endUser.id}.`
}

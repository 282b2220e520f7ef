import { z } from 'zod'
import type { ProviderKey } from '../domain/provider-key.ts'
import { type Direction, linkStatuses } from '../domain/statuses.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { openBrowser } from './open-browser.ts'
import type { JsonOption, Output } from './output.ts'
import { toSeconds } from './time-option.ts'
import { waitForLink } from './wait-for-link.ts'

export interface LinkCommand extends JsonOption {
  readonly endUser: string
  readonly provider?: ProviderKey
  readonly direction?: Direction
  readonly returnUrl?: string
  readonly wait?: true
  readonly timeout?: string
  readonly open?: true
}

/**
 * Creates a connect link; its URL is the result. Returns the exit code. Throws CommandError, also if the gateway refuses to
 * create the link.
 */
export async function runLink(application: string, options: LinkCommand, output: Output): Promise<number> {
  const timeoutMs = options.timeout === undefined ? null : toSeconds('--timeout', options.timeout) * 1_000
  const api = createApiClient()
  const { link, selection, warnings } = await createLink(api, application, options)
  for (const { code, message } of warnings) output.note(`Warning ${code}: ${message}`)
  const expiry = link.expiresAt === null ? '' : ` It expires at ${link.expiresAt}.`
  const reason = selection === null ? '' : ` ${link.provider.name} was chosen: ${selection.reason}`
  output.note(`Created link ${link.id} at ${link.provider.name}.${expiry}${reason}`)
  if (link.url !== null || output.isJson) output.result(link.url ?? '', { ...link, selection })
  else output.note('The link was completed at once: it has no page.')
  if (options.open && link.url !== null) await openBrowser(link.url, output)
  return options.wait ? waitForLink({ api, id: link.id, timeoutMs, output }) : exitCodes.ok
}

const linkSchema = z.object({
  id: z.string(),
  status: z.enum(linkStatuses),
  connectorKey: z.string(),
  url: z.string().nullable(),
  expiresAt: z.string().nullable(),
  provider: z.object({ key: z.string(), name: z.string() }),
})

const createdSchema = z.object({
  createConnectLink: z.union([
    z.object({
      __typename: z.literal('CreateConnectLinkPayload'),
      connectLink: linkSchema,
      selection: z.object({ reason: z.string() }).nullable(),
      warnings: z.array(z.object({ code: z.string(), message: z.string() })),
    }),
    z.object({
      code: z.string(),
      message: z.string(),
      issues: z.array(z.object({ path: z.array(z.string()), message: z.string() })).optional(),
    }),
  ]),
})

/** Throws CommandError with the error of the gateway. */
async function createLink(api: ApiClient, application: string, options: LinkCommand) {
  const { provider, direction, returnUrl, endUser } = options
  const input = { connector: application, direction, redirectUri: returnUrl, endUser: { id: endUser } }
  const variables = { provider, input }
  const { createConnectLink: result } = await api.run(
    'CreateConnectLinkWithSelection',
    variables,
    createdSchema,
  )
  if ('connectLink' in result)
    return { link: result.connectLink, selection: result.selection, warnings: result.warnings }
  const issues = result.issues?.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new CommandError(`${issues?.join('\n') ?? result.message} (${result.code})`)
}

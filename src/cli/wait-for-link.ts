import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type LinkStatus, linkStatuses } from '../domain/statuses.ts'
import { type ApiClient, GatewayUnavailableError } from './api-client.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { type Output, progress } from './output.ts'

const pollMs = 1_000

/** Exit codes of links that have ended. */
const codes: Readonly<Partial<Record<LinkStatus, number>>> = {
  COMPLETED: exitCodes.ok,
  FAILED: exitCodes.linkFailed,
  EXPIRED: exitCodes.linkExpired,
  REVOKED: exitCodes.linkRevoked,
  SUPERSEDED: exitCodes.linkSuperseded,
}

const linkSchema = z.object({
  id: z.string(),
  status: z.enum(linkStatuses),
  awaitingConfirmation: z.boolean(),
  connection: z.object({ id: z.string(), status: z.string() }).nullable(),
  history: z.array(
    z.object({
      to: z.enum(linkStatuses),
      at: z.string(),
      source: z.string(),
      reason: z.string().nullable(),
    }),
  ),
})

export interface WaitOptions {
  readonly api: ApiClient
  readonly id: string
  /** `null`: until the link has ended. */
  readonly timeoutMs: number | null
  readonly output: Output
}

/**
 * Reports each change of a link until it has ended: with --json as results, else as notes, so that the URL stays the only
 * line on standard output. The statuses come from the history, so that none is missed between two reads. Returns the exit
 * code.
 */
export async function waitForLink({ api, id, timeoutMs, output }: WaitOptions): Promise<number> {
  const startedAt = performance.now()
  let reported = 0
  while (timeoutMs === null || performance.now() - startedAt < timeoutMs) {
    const link = await readLink(api, id)
    if (link !== undefined) {
      progress.clear()
      const { connection, history } = link
      for (const { to, at, source, reason } of history.slice(reported)) {
        const change = {
          id,
          status: to,
          at,
          source,
          reason,
          connection: to === 'COMPLETED' ? connection : null,
        }
        if (output.isJson) output.result('', change)
        else output.note(`${at} ${to}${reason === null ? '' : ` (${reason})`}`)
      }
      reported = history.length
      const code = codes[link.status]
      if (code !== undefined) return code
      progress.show(
        link.awaitingConfirmation ? 'waiting for the confirmation …' : 'waiting for the end user …',
      )
    }
    await sleep(pollMs)
  }
  progress.clear()
  output.note('The link is still open: the time of --timeout is over.')
  return exitCodes.timeout
}

/** `undefined`: the gateway cannot answer at the moment, for example because it is restarted. */
async function readLink(api: ApiClient, id: string) {
  try {
    const { connectLink } = await api.run(
      'ConnectLink',
      { id },
      z.object({ connectLink: linkSchema.nullable() }),
    )
    if (connectLink !== null) return connectLink
  } catch (error) {
    if (!(error instanceof GatewayUnavailableError)) throw error
    progress.show('the gateway does not answer, waiting …')
    return undefined
  }
  throw new CommandError('The link does not exist any more.')
}

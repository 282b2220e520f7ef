import { z } from 'zod'
import { ProviderError } from '../../domain/provider-error.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { Diagnosis } from '../adapter.ts'
import { lenientText } from '../lenient.ts'
import type { FivetranDeps } from './api.ts'
import { findWebhook } from './webhooks.ts'

type Deps = Pick<FivetranDeps, 'http' | 'paginate' | 'group'>

/** SEEN in the API reference: a key belongs to a user, whose rights it has, or is a system key with rights of its own. */
const accountResponse = z.object({ data: z.object({ user_id: lenientText, system_key_id: lenientText }) })

export async function diagnose(
  deps: Deps,
  webhookUrl: string | null,
  call: RequestContext,
): Promise<readonly Diagnosis[]> {
  const [rights, webhook] = await Promise.all([
    diagnoseRights(deps, call),
    webhookUrl === null ? null : diagnoseWebhook(deps, webhookUrl, call),
  ])
  return webhook === null ? [rights] : [rights, webhook]
}

async function diagnoseRights({ http }: Deps, call: RequestContext): Promise<Diagnosis> {
  const { data } = await http.send(
    { method: 'GET', path: '/v1/account/info', responseSchema: accountResponse, purpose: 'read the account' },
    call,
  )
  if (data.user_id == null)
    return { check: 'rights', status: 'PASS', message: 'The API key is a system key with rights of its own.' }
  const message =
    'The API key has all rights of the user it belongs to, and ends with that user: use a system key that may manage connections and webhooks only.'
  return { check: 'rights', status: 'WARN', message }
}

async function diagnoseWebhook(deps: Deps, url: string, call: RequestContext): Promise<Diagnosis> {
  const check = 'webhook registration'
  const hint = 'run "connect-gateway webhooks fivetran"; until then completion is found by polling.'
  try {
    const found = await findWebhook(deps, { group: deps.group, url }, call)
    if (found === undefined)
      return { check, status: 'WARN', message: `The webhook of the gateway is not registered: ${hint}` }
    if (found.active === false)
      return { check, status: 'WARN', message: `Fivetran has switched the webhook off: ${hint}` }
    return { check, status: 'PASS', message: 'The webhook of the gateway is registered.' }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'PROVIDER_UNAUTHORIZED') throw error
    return {
      check,
      status: 'WARN',
      message: 'The API key may not read webhooks: give it the right to manage them.',
    }
  }
}

import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { badRequest, notFound, ok } from './responses.ts'
import type { ComposioState } from './state.ts'

/** Tools of any name. There is no application: the answer names the tool. */
export function toolRoutes(state: ComposioState): Record<string, Route> {
  return {
    'POST /tools/execute/:tool': ({ body }, tool = '') => {
      const { connected_account_id, user_id } = objectOf(body)
      const id = textOf(connected_account_id) ?? ''
      const account = state.account(id)
      const userId = textOf(user_id)
      if (account === undefined || (userId !== undefined && account.userId !== userId))
        return notFound('ConnectedAccount', id)
      if (account.status !== 'ACTIVE') return badRequest('Tool', `The account is ${account.status}`)
      return ok({ data: { tool }, error: null, successful: true, log_id: `log_${id}` })
    },
  }
}

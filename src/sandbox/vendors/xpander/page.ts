import { type Brand, decisionPage, messagePage } from '../../hosted-page.ts'
import type { SandboxResponse } from '../../http-types.ts'
import type { JsonObject } from '../../json.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import type { XpanderConnector } from './connector-list.ts'
import { accessScopes, newIntent, users, type XpanderState } from './state.ts'

const brand: Brand = { name: 'xpander.ai', accent: '#5b3fd6' }
const maxNameLength = 200

/**
 * The connector's page on the platform. It is not a link for one caller: it has no token, no expiry and no redirect
 * back to the caller. It is for members of the organization only, and any number of connections can be created on it.
 */
export function connectorPages(state: XpanderState): Record<string, Route> {
  return {
    'GET /connectors/:id': (_, id = '') =>
      withReadyConnector(state, id, (connector) => renderPage(state, connector)),
    'POST /connectors/:id': ({ body }, id = '') =>
      withReadyConnector(state, id, (connector) => {
        const form = objectOf(body)
        if (form.decision === 'approve') return approve(state, connector, form)
        return form.decision === 'deny' ? deny(connector) : renderPage(state, connector)
      }),
  }
}

/** Runs `handle` with the connector, or returns an error page: unknown (404) or not ready (409). */
function withReadyConnector(
  state: XpanderState,
  id: string,
  handle: (connector: XpanderConnector) => SandboxResponse,
): SandboxResponse {
  const connector = state.connector(id)
  if (connector === undefined) {
    return messagePage({
      brand,
      title: 'Unknown connector',
      text: 'There is no such connector.',
      status: 404,
    })
  }
  if (connector.status === 'ready') return handle(connector)
  const text = `${connector.name} is still being prepared (${connector.status}).`
  return messagePage({ brand, title: 'Not ready yet', text, status: 409 })
}

function renderPage(
  state: XpanderState,
  connector: XpanderConnector,
  problems: readonly string[] = [],
): SandboxResponse {
  const intent = state.intent(connector.id)
  return decisionPage({
    brand,
    title: `Connect ${connector.name}`,
    text: `A new connection of ${connector.name} for the sandbox organization.`,
    facts: [
      ['Connector', connector.name],
      ['Organization', 'Sandbox'],
    ],
    fields: [
      { name: 'name', label: 'Connection name', value: intent?.name ?? connector.name },
      { name: 'user', label: 'Signed in as', value: users[0], choices: users },
      {
        name: 'access_scope',
        label: 'Who may use it',
        value: intent?.accessScope ?? 'personal',
        choices: accessScopes,
      },
      ...(connector.scheme === 'apiKey' ? [{ name: 'api_key', label: 'API key', value: '' }] : []),
    ],
    problems,
    approve: 'Allow',
    deny: 'Cancel',
  })
}

function approve(state: XpanderState, connector: XpanderConnector, form: JsonObject): SandboxResponse {
  // A member who corrects the form keeps the same page.
  if (connector.scheme === 'apiKey' && !textOf(form.api_key)?.trim())
    return renderPage(state, connector, ['Enter an API key.'])
  const intent = state.intent(connector.id) ?? newIntent(connector, {})
  const user = users.find((known) => known === form.user) ?? users[0]
  const accessScope = accessScopes.find((known) => known === form.access_scope) ?? intent.accessScope
  const name = textOf(form.name)?.trim().slice(0, maxNameLength) || intent.name
  state.addConnection(connector, { ...intent, name, accessScope }, user)
  state.dropIntent(connector.id)
  const text = `“${name}” was added. You can close this page.`
  return messagePage({ brand, title: `${connector.name} is connected`, text, success: true })
}

function deny(connector: XpanderConnector): SandboxResponse {
  const text = `${connector.name} was not connected. The page can be opened again at any time.`
  return messagePage({ brand, title: 'Nothing was connected', text, canRetry: true })
}

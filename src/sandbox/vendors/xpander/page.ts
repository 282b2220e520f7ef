import { type Brand, decisionPage, messagePage } from '../../hosted-page.ts'
import type { SandboxResponse } from '../../http-types.ts'
import type { JsonObject } from '../../json.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import type { XpanderConnector } from './connector-list.ts'
import { accessScopes, newIntent, users, type XpanderStore } from './state.ts'

const brand: Brand = { name: 'xpander.ai', accent: '#5b3fd6' }
const longestName = 200

/**
 * The connector's page on the platform. It is nobody's link: no token, no expiry and no way back to the
 * caller, for members of the organisation only, and any number of connections can be made from it.
 */
export function connectorPages(store: XpanderStore): Record<string, Route> {
  return {
    'GET /connectors/:id': (_, id = '') => visit(store, id, (connector) => showCard(store, connector)),
    'POST /connectors/:id': ({ body }, id = '') =>
      visit(store, id, (connector) => {
        const form = objectOf(body)
        if (form.decision === 'approve') return approve(store, connector, form)
        return form.decision === 'deny' ? deny(connector) : showCard(store, connector)
      }),
  }
}

function visit(
  store: XpanderStore,
  id: string,
  show: (connector: XpanderConnector) => SandboxResponse,
): SandboxResponse {
  const connector = store.connector(id)
  if (connector === undefined) {
    return messagePage({
      brand,
      title: 'Unknown connector',
      text: 'There is no such connector.',
      status: 404,
    })
  }
  if (connector.status === 'ready') return show(connector)
  const text = `${connector.name} is still being prepared (${connector.status}).`
  return messagePage({ brand, title: 'Not ready yet', text, status: 409 })
}

function showCard(store: XpanderStore, connector: XpanderConnector): SandboxResponse {
  const intent = store.intent(connector.id)
  return decisionPage({
    brand,
    title: `Connect ${connector.name}`,
    text: `A new connection of ${connector.name} for the sandbox organisation.`,
    facts: [
      ['Connector', connector.name],
      ['Organisation', 'Sandbox'],
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
    ],
    approve: 'Allow',
    deny: 'Cancel',
  })
}

function approve(store: XpanderStore, connector: XpanderConnector, form: JsonObject): SandboxResponse {
  const intent = store.intent(connector.id) ?? newIntent(connector, {})
  const user = users.find((known) => known === form.user) ?? users[0]
  const accessScope = accessScopes.find((known) => known === form.access_scope) ?? intent.accessScope
  const name = textOf(form.name)?.trim().slice(0, longestName) || intent.name
  store.addConnection(connector, { ...intent, name, accessScope }, user)
  store.dropIntent(connector.id)
  const text = `“${name}” was added. You can close this page.`
  return messagePage({ brand, title: `${connector.name} is connected`, text, good: true })
}

function deny(connector: XpanderConnector): SandboxResponse {
  const text = `${connector.name} was not connected. The page can be opened again at any time.`
  return messagePage({ brand, title: 'Nothing was connected', text })
}

import { createHash, createHmac } from 'node:crypto'
import { type Brand, type DecisionField, decisionPage, messagePage } from '../../hosted-page.ts'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { renderIcon } from '../../icon.ts'
import { type JsonObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { credentialFields, type NangoIntegration, type TemplateField } from './integrations.ts'
import { keyOf } from './responses.ts'
import type { Connection, NangoState, Session } from './state.ts'

const brand: Brand = { name: 'Nango', accent: '#0f6d6d' }
const denied = {
  type: 'invalid_callback',
  description:
    'Did not get authorization code in the callback. Provider error: error: access_denied; error_description: The user said no',
}

interface OpenSession {
  readonly session: Session
  readonly integration: NangoIntegration
}

/** The page of a connect session, and the logos of the integrations. */
export function connectPages(state: NangoState): Record<string, Route> {
  return {
    'GET /images/template-logos/:file': (_, file = '') =>
      renderIcon(state.integrations.find(file.replace(/\.svg$/, ''))?.name ?? ''),
    'GET /connect': (request) => {
      const open = findSession(state, request)
      return 'status' in open ? open : renderPage(open)
    },
    'POST /connect': (request) => {
      const open = findSession(state, request)
      if ('status' in open) return open
      const form = objectOf(request.body)
      if (form.decision === 'approve') return approve(state, open, form)
      return form.decision === 'deny' ? deny(state, open) : renderPage(open)
    },
  }
}

function findSession(state: NangoState, { query }: SandboxRequest): OpenSession | SandboxResponse {
  // As the page of any Nango that is not the cloud.
  if (query.get('apiURL') === null)
    return errorPage(400, 'No API', 'Without apiURL in the address, this page calls https://api.nango.dev.')
  const session = state.session(query.get('session_token') ?? '')
  if (session === undefined) return errorPage(410, 'Session expired', 'Request a new link.')
  const [key = ''] = session.allowed
  const integration = state.integrations.find(key)
  if (integration === undefined) return errorPage(404, 'No integration', 'The session allows none.')
  return { session, integration }
}

/** What the end user enters: settings without a preset, and credentials. */
function fieldsOf({
  session,
  integration,
}: OpenSession): readonly (DecisionField & { readonly pattern?: string })[] {
  const presets = session.configDefaults[integration.key] ?? {}
  const settings = Object.entries(integration.connectionConfig ?? {}).filter(
    ([name, { automated }]) => automated !== true && presets[name] === undefined,
  )
  const toField = ([name, { title, enum: choices, pattern }]: [string, TemplateField]) => ({
    name,
    label: title,
    value: choices?.[0] ?? 'example',
    ...(choices && { choices }),
    ...(pattern && { pattern }),
  })
  return [...settings, ...Object.entries(credentialFields(integration))].map(toField)
}

function renderPage(open: OpenSession, problems: readonly string[] = []): SandboxResponse {
  const { session, integration } = open
  return decisionPage({
    brand,
    title: `${session.connectionId === null ? 'Connect' : 'Reconnect'} ${integration.name}`,
    text: `Link an account of ${integration.name}.`,
    facts: [
      ['Integration', integration.name],
      ['User', session.tags.end_user_display_name ?? session.tags.end_user_id ?? '–'],
    ],
    fields: fieldsOf(open),
    problems,
    approve: 'Connect',
    deny: 'Cancel',
  })
}

async function approve(state: NangoState, open: OpenSession, form: JsonObject): Promise<SandboxResponse> {
  const { session, integration } = open
  const problems = fieldsOf(open).flatMap(({ name, label, pattern = '.' }) =>
    new RegExp(pattern).test(textOf(form[name]) ?? '') ? [] : [`${label} is not valid.`],
  )
  if (problems.length > 0) return renderPage(open, problems)
  const names = Object.keys(integration.connectionConfig ?? {})
  const entered = names.flatMap((name) => (textOf(form[name]) ? [[name, textOf(form[name])]] : []))
  const config = { ...session.configDefaults[integration.key], ...Object.fromEntries(entered) }
  const connection = state.connect(session, integration.key, config)
  await sendWebhook(state, open, { success: true, tags: session.tags, ...identityOf(open, connection) })
  const text = 'You can now close this tab.'
  return messagePage({ brand, title: `${integration.name} is connected`, text, success: true })
}

/** The session stays usable, and the webhook has no tags and the ID of no connection. */
async function deny(state: NangoState, open: OpenSession): Promise<SandboxResponse> {
  await sendWebhook(state, open, { success: false, error: denied, ...identityOf(open) })
  const text = `${open.integration.name} was not connected.`
  return messagePage({ brand, title: 'Connection failed', text, canRetry: true })
}

const identityOf = ({ session }: OpenSession, connection?: Connection) => ({
  operation: session.connectionId === null ? 'creation' : 'override',
  connectionId: connection?.connectionId ?? session.connectionId ?? crypto.randomUUID(),
})

async function sendWebhook(
  state: NangoState,
  { session, integration }: OpenSession,
  more: object,
): Promise<void> {
  if (session.webhookUrl === null) return
  const fields = {
    type: 'auth',
    from: 'nango',
    authMode: integration.authMode,
    environment: 'dev',
    provider: integration.key,
    providerConfigKey: integration.key,
    ...more,
  }
  // Keys in the order of the alphabet.
  const body = JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))))
  const key = keyOf(state.context)
  await state.context.sendWebhook({
    url: session.webhookUrl,
    body,
    headers: {
      'x-nango-signature': createHash('sha256')
        .update(key + body)
        .digest('hex'),
      'x-nango-hmac-sha256': createHmac('sha256', key).update(body).digest('hex'),
    },
  })
}

const errorPage = (status: number, title: string, text: string) => messagePage({ brand, title, text, status })

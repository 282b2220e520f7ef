import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, type Json, type JsonObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { bearerOf, errorResponse, type Issue, invalidBody, withScope } from './responses.ts'
import type { NangoState, Session, Tags } from './state.ts'

const writeSessions = 'environment:connect_sessions:write'

/** Routes of connect sessions. `/connect/session` is for the holder of the session's token. */
export function sessionRoutes(state: NangoState): Record<string, Route> {
  const ofToken =
    (run: (session: Session) => SandboxResponse): Route =>
    (request) => {
      const session = state.session(bearerOf(request))
      return session === undefined ? errorResponse(401, 'unknown_connect_session_token') : run(session)
    }
  return {
    'POST /connect/sessions': withScope(state.context, writeSessions, (request) => create(state, request)),
    'POST /connect/sessions/reconnect': withScope(state.context, writeSessions, (request) =>
      createReconnect(state, request),
    ),
    'GET /connect/session': ofToken(({ token: _, ...session }) => ({
      status: 200,
      body: { data: { allowed_integrations: session.allowed, tags: session.tags } },
    })),
    'DELETE /connect/session': ofToken(({ token }) => {
      state.deleteSession(token)
      return { status: 204 }
    }),
  }
}

const commonFields = [
  'end_user',
  'organization',
  'integrations_config_defaults',
  'overrides',
  'webhook_url_override',
  'tags',
]

function create(state: NangoState, { body }: SandboxRequest): SandboxResponse {
  const fields = objectOf(body)
  const keys = fields.allowed_integrations ?? []
  const allowed = Array.isArray(keys) ? keys.map((key) => textOf(key) ?? '') : []
  const issues = [
    ...unknownFields(fields, [...commonFields, 'allowed_integrations']),
    ...commonIssues(state, fields),
    ...(fields.tags === undefined ? endUserIssues(fields) : []),
    ...(Array.isArray(keys) ? [] : [invalidType(['allowed_integrations'], 'array', keys)]),
    ...allowed.flatMap((key, at) => unknownIntegration(state, key, ['allowed_integrations', at])),
  ]
  if (issues.length > 0) return invalidBody(issues)
  return created(state, state.createSession({ ...sessionOf(fields), allowed, connectionId: null }))
}

function createReconnect(state: NangoState, { body }: SandboxRequest): SandboxResponse {
  const fields = objectOf(body)
  const [connectionId, integration] = [textOf(fields.connection_id), textOf(fields.integration_id)]
  const issues = [
    ...unknownFields(fields, [...commonFields, 'connection_id', 'integration_id']),
    ...(connectionId ? [] : [invalidType(['connection_id'], 'string', fields.connection_id)]),
    ...(integration ? [] : [invalidType(['integration_id'], 'string', fields.integration_id)]),
    ...commonIssues(state, fields),
  ]
  if (issues.length > 0) return invalidBody(issues)
  const connection = state.connection(connectionId ?? '', integration)
  if (connection === undefined)
    return errorResponse(400, 'invalid_body', 'ConnectionID or IntegrationId does not exists')
  const { connectionId: id, integration: key } = connection
  return created(state, state.createSession({ ...sessionOf(fields), allowed: [key], connectionId: id }))
}

function created({ context }: NangoState, { token, expiresAt }: Session): SandboxResponse {
  const connect_link = context.pageUrl(`/nango/connect/?session_token=${token}`)
  return { status: 201, body: { data: { token, connect_link, expires_at: expiresAt } } }
}

/** Keys of tags are stored in lower case. An end user counts as tags too. */
function sessionOf(fields: JsonObject): Omit<Session, 'token' | 'expiresAt' | 'allowed' | 'connectionId'> {
  const user = objectOf(fields.end_user)
  const named = {
    end_user_id: user.id,
    end_user_email: user.email,
    end_user_display_name: user.display_name,
    organization_id: objectOf(fields.organization).id,
    ...objectOf(fields.tags),
  }
  const texts = Object.entries(named).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
  )
  const defaults = Object.entries(objectOf(fields.integrations_config_defaults)).map(([key, value]) => [
    key,
    objectOf(objectOf(value).connection_config),
  ])
  const tags: Tags = Object.fromEntries(texts)
  return {
    tags,
    configDefaults: Object.fromEntries(defaults),
    webhookUrl: textOf(fields.webhook_url_override) ?? null,
  }
}

const invalidType = (path: Issue['path'], expected: string, value: Json | undefined): Issue => ({
  code: 'invalid_type',
  message: `Invalid input: expected ${expected}, received ${value === undefined ? 'undefined' : typeof value}`,
  path,
})

const unknownFields = (fields: JsonObject, known: readonly string[]): readonly Issue[] =>
  Object.keys(fields)
    .filter((name) => !known.includes(name))
    .map((name) => ({ code: 'unrecognized_keys', message: `Unrecognized key: "${name}"`, path: [] }))

const endUserIssues = ({ end_user }: JsonObject): readonly Issue[] => {
  if (!isObject(end_user)) return [invalidType(['end_user'], 'object', end_user)]
  return typeof end_user.id === 'string' ? [] : [invalidType(['end_user', 'id'], 'string', end_user.id)]
}

const unknownIntegration = (state: NangoState, key: string, path: Issue['path']): readonly Issue[] =>
  state.integrations.find(key) === undefined
    ? [{ code: 'custom', message: 'Integration does not exist', path }]
    : []

function commonIssues(state: NangoState, fields: JsonObject): readonly Issue[] {
  const { tags, webhook_url_override: url, integrations_config_defaults: defaults } = fields
  return [
    ...(tags === undefined || isObject(tags) ? [] : [invalidType(['tags'], 'object', tags)]),
    ...tagIssues(objectOf(tags)),
    ...(url === undefined || typeof url === 'string'
      ? []
      : [invalidType(['webhook_url_override'], 'string', url)]),
    ...Object.keys(objectOf(defaults)).flatMap((key) =>
      unknownIntegration(state, key, ['integrations_config_defaults', key]),
    ),
  ]
}

function tagIssues(tags: JsonObject): readonly Issue[] {
  const names = Object.keys(tags)
  const tooMany = { code: 'custom', message: 'Tags are limited to 10 keys', path: ['tags'] }
  const email = tags.end_user_email
  const isEmail = email === undefined || (typeof email === 'string' && /^[^\s@]+@[^\s@]+$/.test(email))
  const notEmail = { code: 'custom', message: 'Must be a valid email', path: ['tags', 'end_user_email'] }
  return [
    ...(names.length > 10 ? [tooMany] : []),
    ...(isEmail ? [] : [notEmail]),
    ...names.flatMap((name) => {
      const value = tags[name]
      if (typeof value !== 'string') return [invalidType(['tags', name], 'string', value)]
      const isValid = value.length > 0 && value.length <= 255
      return isValid
        ? []
        : [
            {
              code: 'too_big',
              message: 'Too big: expected string to have <=255 characters',
              path: ['tags', name],
            },
          ]
    }),
  ]
}

import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json, JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { appJson } from './apps.ts'
import { allowCallers, type Caller, inProject, projectId } from './callers.ts'
import type { ConnectToken, PipedreamStore } from './state.ts'
import { createThrottle } from './throttle.ts'

const accessLastsMs = 3_600_000
const longestTokenSeconds = 14_400

/** OAuth access tokens, connect tokens, and the check of a connect token. */
export function tokenRoutes(store: PipedreamStore): Record<string, Route> {
  const throttle = createThrottle()
  return {
    'POST /v1/oauth/token': (request) => grant(store, request),
    'POST /v1/connect/rate_limits': allowCallers(store, ['oauth'], (_, { body }) => {
      const token = throttle.define(objectOf(body))
      return token === undefined ? refuse('window_size_seconds and requests_per_window') : ok({ token })
    }),
    'GET /v1/connect/tokens/:token/validate': (request, token = '') => validate(store, request, token),
    'POST /v1/connect/:project/tokens': inProject(store, ['oauth'], (caller, request) => {
      if (!isObject(request.body)) return refuse('a JSON object is expected')
      const fields = request.body
      const problem = problemOf(fields)
      if (problem !== undefined) return refuse(problem)
      return throttle.check(request, `${fields.external_user_id}`) ?? create(store, caller, fields)
    }),
  }
}

function grant(store: PipedreamStore, { body, now }: SandboxRequest): SandboxResponse {
  // JSON and form alike: the newest client sends JSON, the first one a form.
  const fields = objectOf(body)
  if (fields.grant_type !== 'client_credentials') {
    return { status: 400, body: { error: 'unsupported_grant_type' } }
  }
  if (fields.client_id !== 'sandbox-client' || fields.client_secret !== 'sandbox-secret') {
    return {
      status: 401,
      body: { error: 'invalid_client', error_description: 'Client authentication failed' },
    }
  }
  const access_token = store.grantAccess(new Date(now.getTime() + accessLastsMs))
  return ok({ access_token, token_type: 'Bearer', expires_in: accessLastsMs / 1000 })
}

function create(store: PipedreamStore, { environment }: Caller, fields: JsonObject): SandboxResponse {
  // `app_id` (id or slug) is what the newest client alone knows; without it the caller adds `app` to the link.
  const wanted = textOf(fields.app_id)
  const app = wanted === undefined ? undefined : store.apps.find(wanted)
  if (wanted !== undefined && app === undefined) return { status: 404, body: { error: 'App not found' } }
  const seconds = typeof fields.expires_in === 'number' ? fields.expires_in : longestTokenSeconds
  const { token, expiresAt } = store.addToken({
    environment,
    externalUserId: textOf(fields.external_user_id) ?? '',
    expiresAt: new Date(store.world.now().getTime() + seconds * 1000).toISOString(),
    app: app?.slug ?? null,
    oauthAppId: textOf(fields.oauth_app_id) ?? null,
    successRedirectUri: textOf(fields.success_redirect_uri) ?? null,
    errorRedirectUri: textOf(fields.error_redirect_uri) ?? null,
    webhookUri: textOf(fields.webhook_uri) ?? null,
  })
  const path = `/pipedream/_static/connect.html?token=${token}&connectLink=true`
  // 200, not 201: pipedream.com/docs/connect/api-reference/create-connect-token
  return ok({ token, expires_at: expiresAt, connect_link_url: store.world.pageLink(path) })
}

/** What is wrong with the fields of a connect token; unknown fields are nobody's business. */
function problemOf(fields: JsonObject): string | undefined {
  const user = textOf(fields.external_user_id)
  if (user === undefined) return 'external_user_id is required'
  if (user.length > 250) return 'external_user_id is longer than 250 characters'
  const seconds = fields.expires_in ?? longestTokenSeconds
  // Refused or cut down? Not published; a refusal is what a caller notices.
  if (!isWhole(seconds) || seconds < 1 || seconds > longestTokenSeconds) {
    return `expires_in must be a whole number from 1 to ${longestTokenSeconds}`
  }
  const texts = [
    'success_redirect_uri',
    'error_redirect_uri',
    'webhook_uri',
    'scope',
    'app_id',
    'oauth_app_id',
  ]
  const wrong = texts.find((name) => typeof (fields[name] ?? '') !== 'string')
  if (wrong !== undefined) return `${wrong} must be a string`
  return isTextList(fields.allowed_origins ?? []) ? undefined : 'allowed_origins must be a list of strings'
}

function validate(store: PipedreamStore, request: SandboxRequest, text: string): SandboxResponse {
  const { query, now } = request
  const token = store.token(text)
  const app = store.apps.find(query.get('app_id') ?? token?.app ?? '')
  const error = validationError(token, app === undefined, now)
  // 200 in either case: the published description knows no 4xx here.
  return ok({
    success: error === null,
    error,
    app: app === undefined ? null : appJson(app),
    oauth_app_id: query.get('oauth_app_id') ?? token?.oauthAppId ?? null,
    project_id: token === undefined ? null : projectId,
    project_app_name: token === undefined ? null : 'Sandbox project',
    project_environment: token?.environment ?? null,
    project_support_email: null,
    success_redirect_uri: token?.successRedirectUri ?? null,
    error_redirect_uri: token?.errorRedirectUri ?? null,
  })
}

function validationError(token: ConnectToken | undefined, appMissing: boolean, now: Date): string | null {
  if (token === undefined || token.used) return 'Token is invalid, please generate a new one'
  if (new Date(token.expiresAt) <= now) return 'Link expired'
  return appMissing ? 'App not found' : null
}

function isTextList(value: Json): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isWhole(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value)
}

function ok(body: object): SandboxResponse {
  return { status: 200, body }
}

function refuse(error: string): SandboxResponse {
  return { status: 400, body: { error } }
}

import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { Json, JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { appJson } from './apps.ts'
import { allowCallers, type Caller, inProject, projectOf } from './callers.ts'
import type { PipedreamState } from './state.ts'
import { createThrottle } from './throttle.ts'
import type { ConnectToken } from './types.ts'

const accessTokenTtlMs = 3_600_000
const maxExpiresInSeconds = 14_400

/** Routes of OAuth access tokens, connect tokens, and the validation of a connect token. */
export function tokenRoutes(state: PipedreamState): Record<string, Route> {
  const throttle = createThrottle()
  return {
    'POST /v1/oauth/token': (request) => createAccessToken(state, request),
    'POST /v1/connect/rate_limits': allowCallers(state, ['oauth'], (_, { body }) => {
      const token = throttle.define(objectOf(body))
      return token === undefined
        ? badRequest('window_size_seconds and requests_per_window must be positive numbers')
        : ok({ token })
    }),
    'GET /v1/connect/tokens/:token/validate': (request, token = '') => validate(state, request, token),
    'POST /v1/connect/:project/tokens': inProject(state, ['oauth'], (caller, request) => {
      if (!isObject(request.body)) return badRequest('a JSON object is expected')
      const fields = request.body
      const message = invalidFieldMessage(fields)
      if (message !== undefined) return badRequest(message)
      return (
        throttle.check(request, `${fields.external_user_id}`) ?? createConnectToken(state, caller, fields)
      )
    }),
  }
}

function createAccessToken(state: PipedreamState, { body, now }: SandboxRequest): SandboxResponse {
  // JSON or form: the newest client sends JSON, the first one a form.
  const fields = objectOf(body)
  if (fields.grant_type !== 'client_credentials') {
    return { status: 400, body: { error: 'unsupported_grant_type' } }
  }
  const { suffix } = state.context
  if (fields.client_id !== `sandbox-client${suffix}` || fields.client_secret !== `sandbox-secret${suffix}`) {
    return {
      status: 401,
      body: { error: 'invalid_client', error_description: 'Client authentication failed' },
    }
  }
  const access_token = state.createAccessToken(new Date(now.getTime() + accessTokenTtlMs))
  return ok({ access_token, token_type: 'Bearer', expires_in: accessTokenTtlMs / 1000 })
}

function createConnectToken(
  state: PipedreamState,
  { environment }: Caller,
  fields: JsonObject,
): SandboxResponse {
  // Only the newest client sends `app_id` (ID or slug); without it the caller appends `app` to the link.
  const requestedApp = textOf(fields.app_id)
  const app = requestedApp === undefined ? undefined : state.apps.find(requestedApp)
  if (requestedApp !== undefined && app === undefined)
    return { status: 404, body: { error: 'App not found' } }
  const seconds = typeof fields.expires_in === 'number' ? fields.expires_in : maxExpiresInSeconds
  const { token, expiresAt } = state.createConnectToken({
    environment,
    externalUserId: textOf(fields.external_user_id) ?? '',
    expiresAt: new Date(state.context.now().getTime() + seconds * 1000).toISOString(),
    app: app?.slug ?? null,
    oauthAppId: textOf(fields.oauth_app_id) ?? null,
    successRedirectUri: textOf(fields.success_redirect_uri) ?? null,
    errorRedirectUri: textOf(fields.error_redirect_uri) ?? null,
    webhookUri: textOf(fields.webhook_uri) ?? null,
  })
  const path = `/pipedream/_static/connect.html?token=${token}&connectLink=true`
  // 200, not 201: pipedream.com/docs/connect/api-reference/create-connect-token
  return ok({ token, expires_at: expiresAt, connect_link_url: state.context.pageUrl(path) })
}

/** The error message for an invalid field of a connect token; undefined: all are valid. Unknown fields are ignored. */
function invalidFieldMessage(fields: JsonObject): string | undefined {
  const user = textOf(fields.external_user_id)
  if (user === undefined) return 'external_user_id is required'
  if (user.length > 250) return 'external_user_id is longer than 250 characters'
  const seconds = fields.expires_in ?? maxExpiresInSeconds
  // Whether Pipedream rejects or caps a larger value is not published; an error is visible to the caller.
  if (!isInteger(seconds) || seconds < 1 || seconds > maxExpiresInSeconds) {
    return `expires_in must be a whole number from 1 to ${maxExpiresInSeconds}`
  }
  const stringFields = [
    'success_redirect_uri',
    'error_redirect_uri',
    'webhook_uri',
    'scope',
    'app_id',
    'oauth_app_id',
  ]
  const invalid = stringFields.find((name) => typeof (fields[name] ?? '') !== 'string')
  if (invalid !== undefined) return `${invalid} must be a string`
  return isStringArray(fields.allowed_origins ?? []) ? undefined : 'allowed_origins must be a list of strings'
}

function validate(state: PipedreamState, request: SandboxRequest, value: string): SandboxResponse {
  const { query, now } = request
  const token = state.connectToken(value)
  const app = state.apps.find(query.get('app_id') ?? token?.app ?? '')
  const error = validationError(token, app === undefined, now)
  // Status 200 in either case: the published API description has no 4xx response here.
  return ok({
    success: error === null,
    error,
    app: app === undefined ? null : appJson(state, app),
    oauth_app_id: query.get('oauth_app_id') ?? token?.oauthAppId ?? null,
    // Another host than pipedream.com only for apps whose OAuth client is served there.
    oauth_app_connect_base_url: null,
    project_id: token === undefined ? null : projectOf(state.context),
    project_app_name: token === undefined ? null : 'Sandbox project',
    project_environment: token?.environment ?? null,
    project_support_email: null,
    success_redirect_uri: token?.successRedirectUri ?? null,
    error_redirect_uri: token?.errorRedirectUri ?? null,
  })
}

function validationError(token: ConnectToken | undefined, isAppMissing: boolean, now: Date): string | null {
  if (token === undefined || token.used) return 'Token is invalid, please generate a new one'
  if (new Date(token.expiresAt) <= now) return 'Link expired'
  return isAppMissing ? 'App not found' : null
}

function isStringArray(value: Json): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isInteger(value: Json): value is number {
  return typeof value === 'number' && Number.isInteger(value)
}

function ok(body: object): SandboxResponse {
  return { status: 200, body }
}

function badRequest(error: string): SandboxResponse {
  return { status: 400, body: { error } }
}

import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { maskError } from 'graphql-yoga'
import { ForbiddenError, GatewayError, ServiceUnavailableError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { cleanMessage } from './error-message.ts'

/**
 * Adds a code to every GraphQL error, and removes confidential parts: values of the request (they may be credentials),
 * quotations of the body by the JSON parser, and with `hideNames` (production) suggestions of names in the schema.
 */
export function useErrorCodes({ hideNames }: { readonly hideNames: boolean }): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (requestParser === undefined) return
      setRequestParser(async (request) => {
        try {
          return await requestParser(request)
        } catch (error) {
          // Yoga reports JSON of a URL or a form that cannot be parsed as an unexpected error, unlike that of a body.
          throw error instanceof SyntaxError ? invalidJson() : error
        }
      })
    },
    onResultProcess({ result }) {
      if (Array.isArray(result) || !('errors' in result)) return
      for (const error of result.errors ?? []) {
        // Changed in place: a new error would lose its HTTP status.
        if (error.extensions) cleanExtensions(error)
        error.message = cleanMessage(error, hideNames)
      }
    },
  }
}

const invalidJson = () =>
  new GraphQLError('The variables or extensions are not valid JSON.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400, spec: true } },
  })

function cleanExtensions({ extensions, path }: GraphQLError): void {
  if ('originalError' in extensions) {
    // Without the original error, Yoga answers 200 unless a status is set explicitly.
    extensions.http = { status: 400 }
    delete extensions.originalError
  }
  extensions.code ??= codeFor(extensions.http, path === undefined)
}

const codesByStatus: Readonly<Record<string, string>> = { 403: 'CSRF_PREVENTION', 405: 'METHOD_NOT_ALLOWED' }

/** The code of an error that has none. */
export function codeFor(http: unknown, isBeforeExecution: boolean): string {
  const status = typeof http === 'object' && http !== null && 'status' in http ? String(http.status) : ''
  return codesByStatus[status] ?? (isBeforeExecution ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR')
}

/**
 * Passes on GatewayError, ForbiddenError and ServiceUnavailableError with their codes; other errors are logged and
 * masked as "Unexpected error.".
 */
export function maskAndLog(log: Log) {
  return (error: unknown, message: string): Error => {
    const original = error instanceof GraphQLError ? error.originalError : error
    if (original instanceof GatewayError || original instanceof ForbiddenError) {
      return new GraphQLError(original.message, { path: pathOf(error), extensions: { code: original.code } })
    }
    if (original instanceof ServiceUnavailableError) {
      log.warn({ cause: original.reason }, 'service unavailable')
      return serviceUnavailable(original, pathOf(error))
    }
    const masked = maskError(error, message, false)
    if (masked !== error) log.error({ err: original ?? error }, 'unexpected error')
    return masked
  }
}

function serviceUnavailable(
  { message, code, retryAfterSeconds }: ServiceUnavailableError,
  path: GraphQLError['path'],
): GraphQLError {
  const http = { status: 503, headers: { 'retry-after': String(retryAfterSeconds) } }
  return new GraphQLError(message, { path, extensions: { code, retryAfterSeconds, http } })
}

const pathOf = (error: unknown) => (error instanceof GraphQLError ? error.path : undefined)

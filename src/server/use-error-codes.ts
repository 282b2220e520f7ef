import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { maskError } from 'graphql-yoga'
import { ForbiddenError, GatewayError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'

/**
 * Gives every GraphQL error a code, and takes out what must not be told: values that were sent (they may be
 * credentials), the parser's quotations of the body, and in production the schema's names.
 */
export function useErrorCodes({ hideNames }: { readonly hideNames: boolean }): Plugin {
  return {
    onResultProcess({ result }) {
      if (Array.isArray(result) || !('errors' in result)) return
      for (const error of result.errors ?? []) {
        // Changed in place: a new error would lose the HTTP status that goes with it.
        if (error.extensions) cleanExtensions(error)
        error.message = cleanMessage(error.message, hideNames)
      }
    },
  }
}

function cleanExtensions({ extensions, path }: GraphQLError): void {
  if ('originalError' in extensions) {
    // With the original gone, only a status that is said outright keeps the answer from being 200.
    extensions.http = { status: 400 }
    delete extensions.originalError
  }
  extensions.code ??= codeFor(extensions.http, path === undefined)
}

const codesByStatus: Readonly<Record<string, string>> = { 403: 'CSRF_PREVENTION', 405: 'METHOD_NOT_ALLOWED' }

function codeFor(http: unknown, isBeforeExecution: boolean): string {
  const status = typeof http === 'object' && http !== null && 'status' in http ? String(http.status) : ''
  return codesByStatus[status] ?? (isBeforeExecution ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR')
}

const wrongVariable = /^Variable "(\$\w+)" got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; ([\s\S]*)$/
/** The parts of an explanation that name only the schema. */
const safeReason =
  /^(Field "\w+" (is not defined by type|of required type) "[\w[\]!]+"( was not provided)?\.)/

function cleanMessage(message: string, hideNames: boolean): string {
  const [, variable, place, reason = ''] = wrongVariable.exec(message) ?? []
  const said = safeReason.exec(reason)?.[1] ?? 'Its type is another.'
  const clean =
    variable === undefined
      ? message
      : `Variable "${variable}" has an invalid value${place ? ` at "${place}"` : ''}. ${said}`
  return hideNames ? clean.replace(/ Did you mean [\s\S]*$/, '') : clean
}

/** What the gateway says on purpose passes; anything else is logged in full and answered as "Unexpected error.". */
export function maskAndLog(log: Log) {
  return (error: unknown, message: string): Error => {
    const original = error instanceof GraphQLError ? error.originalError : error
    if (original instanceof GatewayError || original instanceof ForbiddenError) {
      return new GraphQLError(original.message, { path: pathOf(error), extensions: { code: original.code } })
    }
    const masked = maskError(error, message, false)
    if (masked !== error) log.error({ err: original ?? error }, 'unexpected error')
    return masked
  }
}

const pathOf = (error: unknown) => (error instanceof GraphQLError ? error.path : undefined)

import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { maskError } from 'graphql-yoga'
import { GatewayError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Gives every GraphQL error a code: what has none by now was refused before execution. */
export function useErrorCodes(): Plugin {
  return {
    onResultProcess({ result }) {
      if (Array.isArray(result) || !('errors' in result)) return
      for (const error of result.errors ?? []) {
        // Changed in place: a new error would lose the HTTP status that goes with it.
        if (error.extensions && error.extensions.code === undefined) error.extensions.code = codeFor(error)
      }
    },
  }
}

function codeFor({ extensions, path }: GraphQLError): string {
  const http = extensions.http as { status?: number } | undefined
  if (http?.status === 403) return 'CSRF_PREVENTION'
  if (http?.status === 405) return 'METHOD_NOT_ALLOWED'
  return path === undefined ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR'
}

/** What the gateway says on purpose passes; anything else is logged in full and answered as "Unexpected error.". */
export function maskAndLog(log: Log) {
  return (error: unknown, message: string): Error => {
    const original = error instanceof GraphQLError ? error.originalError : error
    if (original instanceof GatewayError) {
      return new GraphQLError(original.message, { path: pathOf(error), extensions: { code: original.code } })
    }
    const masked = maskError(error, message, false)
    if (masked !== error) log.error({ err: original ?? error }, 'unexpected error')
    return masked
  }
}

const pathOf = (error: unknown) => (error instanceof GraphQLError ? error.path : undefined)

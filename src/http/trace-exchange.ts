import type { z } from 'zod'
import type { Tracing } from '../domain/tracing.ts'
import type { HttpClientOptions, HttpRequest } from './http-types.ts'

/** A purpose without the connector that some name: `make a connect link for "hubspot"`. */
export const purposeLabel = (purpose: string): string => purpose.replace(/( for)? ".*"$/, '')

interface TracedExchange {
  readonly options: HttpClientOptions
  readonly request: HttpRequest<z.ZodType>
  /** From 1. */
  readonly attempt: number
}

/**
 * Records an exchange with a provider, without its path and query. No `traceparent` is sent: the provider is another party,
 * whose traces cannot be joined with those of the gateway.
 */
export function traceExchange<Result>(
  tracing: Tracing,
  { options: { provider, baseUrl }, request, attempt }: TracedExchange,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!tracing.isOn) return work()
  const purpose = purposeLabel(request.purpose)
  const attributes = {
    'connect.provider': provider,
    'connect.purpose': purpose,
    'connect.attempt': attempt,
    'http.request.method': request.method,
    'server.address': baseUrl.hostname,
  }
  return tracing.run(`${provider} ${purpose}`, { kind: 'CLIENT', attributes }, work)
}

/** Adds the status of a response to the running span. */
export const annotateStatus = (tracing: Tracing, status: number): void =>
  tracing.annotate({
    'http.response.status_code': status,
    'error.type': status > 399 ? String(status) : undefined,
  })

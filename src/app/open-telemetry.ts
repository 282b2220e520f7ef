import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { GraphQLError } from 'graphql'
import type { Log } from '../domain/log.ts'
import type { SpanAttributes, SpanOptions, Tracing } from '../domain/tracing.ts'

/** A collector that does not answer must not delay the end of the process. */
const flushLimitMs = 3_000

export interface StartedTracing extends Tracing {
  /** Exports what is recorded, for 3 s at most. */
  close(): Promise<void>
}

/**
 * Traces that are sent over OTLP/HTTP as JSON. Sampler, batches, resource, address and headers of the exporter are those of
 * the OTEL_* variables, which the SDK reads. Nothing is registered globally.
 */
export function startTracing(log: Log, exporter: SpanExporter = new OTLPTraceExporter()): StartedTracing {
  const own = resourceFromAttributes({ 'service.name': 'connect-gateway', 'process.pid': process.pid })
  const provider = new BasicTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(reportFailures(exporter, log))],
  })
  const tracer = provider.getTracer('connect-gateway')
  const contexts = new AsyncLocalStorageContextManager().enable()
  const runningSpan = () => trace.getSpan(contexts.active())

  function contextOf({ parent, isRoot }: SpanOptions): Context {
    const remote = parent === undefined ? undefined : parseTraceParent(parent)
    if (remote) return trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true })
    return isRoot ? ROOT_CONTEXT : contexts.active()
  }

  function linksOf({ isRoot, links = [] }: SpanOptions): Link[] {
    const causes = new Set([...links, ...(isRoot ? [traceParentOf(runningSpan())] : [])])
    return [...causes].flatMap((cause) => {
      const context = cause == null ? undefined : parseTraceParent(cause)
      return context ? [{ context }] : []
    })
  }

  return {
    isOn: true,
    async run(name, options, work) {
      const context = contextOf(options)
      const span = tracer.startSpan(
        name,
        {
          kind: SpanKind[options.kind ?? 'INTERNAL'],
          attributes: defined(options.attributes ?? {}),
          links: linksOf(options),
        },
        context,
      )
      try {
        return await contexts.with(trace.setSpan(context, span), work)
      } catch (error) {
        annotate(span, { 'error.type': codeOf(error) })
        throw error
      } finally {
        span.end()
      }
    },
    annotate: (attributes) => annotate(runningSpan(), attributes),
    traceParent: () => traceParentOf(runningSpan()),
    async close() {
      const flushed = provider.shutdown().catch(() => undefined)
      await Promise.race([flushed, sleep(flushLimitMs, undefined, { ref: false })])
    },
  }
}

function annotate(span: Span | undefined, attributes: SpanAttributes): void {
  span?.setAttributes(defined(attributes))
  if (attributes['error.type'] !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR })
}

const defined = (attributes: SpanAttributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))

/** Version 00 of W3C Trace Context; later versions begin with the same fields. */
const traceParentPattern =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/

function parseTraceParent(text: string) {
  const [, traceId, spanId, flags] = traceParentPattern.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED }
}

function traceParentOf(span: Span | undefined): string | undefined {
  // Also of a span that has ended: an operation is finished although its caller is gone.
  const { traceId, spanId, traceFlags = TraceFlags.NONE } = span?.spanContext() ?? {}
  if ((traceFlags & TraceFlags.SAMPLED) === 0) return undefined
  return `00-${traceId}-${spanId}-01`
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code = '' } = error instanceof GraphQLError ? error.extensions : (error as { code?: unknown })
  return typeof code === 'string' && /^\w{1,50}$/.test(code) ? code : error.name
}

/** Logs the beginning and the end of a time in which spans are lost. */
function reportFailures(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        const isFailed = result.code !== 0
        if (isFailed && !isFailing) log.warn({}, 'traces cannot be exported')
        if (!isFailed && isFailing) log.info({}, 'traces are exported again')
        isFailing = isFailed
        onResult(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
}

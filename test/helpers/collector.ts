import { listen, readBody } from './listen.ts'

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly attributes: readonly Attribute[]
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: { readonly code?: number }
}

export interface Span {
  readonly traceId: string
  readonly id: string
  readonly parentId: string | undefined
  readonly name: string
  /** 1 internal, 2 server, 3 client, 4 producer. */
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  /** IDs of the traces that it is linked to. */
  readonly linked: readonly string[]
  readonly isError: boolean
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

export interface Collector {
  readonly url: string
  /** Headers and bodies of the exports, as text. */
  text(): string
  spans(): readonly Span[]
  /** Attributes of the resource of the first export. */
  resource(): Readonly<Record<string, unknown>>
}

const valuesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** A receiver of OTLP/HTTP with JSON, until the test ends. */
export async function startCollector(): Promise<Collector> {
  const received: { readonly headers: object; readonly body: string }[] = []
  const url = await listen(async (request, response) => {
    const body = await readBody(request)
    const isTraces = request.method === 'POST' && request.url === '/v1/traces'
    if (isTraces) received.push({ headers: request.headers, body })
    response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  })
  const resources = () => received.flatMap(({ body }) => (JSON.parse(body) as OtlpRequest).resourceSpans)
  return {
    url: url.origin,
    text: () => JSON.stringify(received),
    resource: () => valuesOf(resources()[0]?.resource.attributes ?? []),
    spans: () =>
      resources()
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
        .map(({ traceId, spanId, parentSpanId, name, kind, attributes, links = [], status }) => ({
          ...{ traceId, name, kind },
          id: spanId,
          parentId: parentSpanId,
          attributes: valuesOf(attributes),
          linked: links.map((link) => link.traceId),
          isError: status.code === 2,
        })),
  }
}

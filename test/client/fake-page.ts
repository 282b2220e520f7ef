import { onTestFinished, vi } from 'vitest'
import { documents } from '../../src/client/documents.ts'
import type { ConnectLink } from '../../src/client/types.ts'

export const gateway = 'https://connect.example.com'
const application = 'https://app.example.com'

export const testLink: ConnectLink = {
  id: 'link-1',
  status: 'CREATED',
  url: `${gateway}/connect/token`,
  embeddable: true,
  guard: 'NONE',
  awaitingConfirmation: false,
  lastFailure: null,
  handOver: null,
  connection: null,
}

export const completed: ConnectLink = {
  ...testLink,
  status: 'COMPLETED',
  connection: {
    id: 'connection-1',
    name: 'HubSpot',
    status: 'ACTIVE',
    connectorKey: 'hubspot',
    createdAt: null,
    provider: { key: 'PIPEDREAM', name: 'Pipedream' },
    connector: null,
  },
}

export interface Call {
  readonly name: string
  readonly variables: Record<string, unknown>
  readonly token: string
  readonly body: Record<string, unknown>
}

/** Answers calls of the client by the name of the operation; a stream sends the links that are pushed. */
export function fakeGateway(answers: Record<string, (call: Call) => unknown> = {}) {
  const calls: Call[] = []
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const encoder = new TextEncoder()
  const state = { link: testLink }
  const send = (text: string) => {
    for (const stream of streams) stream.enqueue(encoder.encode(text))
  }
  const next = (link: ConnectLink) => `event: next\ndata: ${JSON.stringify({ data: { result: link } })}\n\n`
  const json = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

  const openStream = (signal: AbortSignal | null | undefined) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.add(controller)
        controller.enqueue(encoder.encode(`:\n\n${next(state.link)}`))
        signal?.addEventListener('abort', () => {
          if (streams.delete(controller)) controller.error(signal.reason)
        })
      },
      cancel: () => streams.clear(),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  vi.stubGlobal('fetch', async (_: string, { body, headers, signal }: RequestInit) => {
    signal?.throwIfAborted()
    const request = JSON.parse(String(body))
    const entries = Object.entries(documents)
    const [name = ''] =
      entries.find(([, { id, text }]) => id === request.documentId || text === request.query) ?? []
    const token = new Headers(headers).get('authorization')?.replace('Bearer ', '') ?? ''
    const call = { name, variables: request.variables, token, body: request }
    calls.push(call)
    const answer = answers[name]?.(call)
    if (answer instanceof Response) return answer
    if (answer !== undefined) return json({ data: { result: answer } })
    if (name === 'OpenConnectUpdates') return openStream(signal)
    if (name === 'OpenConnectLink') return json({ data: { result: state.link } })
    return json({ data: { result: { __typename: 'Payload', link: state.link } } })
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  return {
    calls,
    json,
    names: () => calls.map(({ name }) => name),
    openStreams: () => streams.size,
    /** Changes the link and sends it to the streams. */
    push(link: Partial<ConnectLink>) {
      state.link = { ...state.link, ...link }
      send(next(state.link))
    },
    /** Changes the link only. */
    change(link: Partial<ConnectLink>) {
      state.link = { ...state.link, ...link }
    },
    cut() {
      for (const stream of streams) stream.error(new TypeError('network'))
      streams.clear()
    },
  }
}

function fakeStorage() {
  const items = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  })
  return items
}

/** The window of an application, in which popups can be opened; a tab of its own. */
export function fakePage({ isBlocked = false, href = `${application}/settings?tab=1#top` } = {}) {
  const target = new EventTarget()
  const popup = {
    closed: false,
    location: { replace: vi.fn() },
    focus: vi.fn(),
    close: vi.fn(() => {
      popup.closed = true
    }),
  }
  const page = { isInFront: false }
  const open = vi.fn(() => (isBlocked ? null : popup))
  const url = new URL(href)
  const location = { href, origin: url.origin, assign: vi.fn() }
  const listeners = { added: 0, removed: 0 }
  const window = {
    open,
    location,
    screenX: 0,
    screenY: 0,
    outerWidth: 1_280,
    outerHeight: 800,
    opener: null as null | { postMessage: ReturnType<typeof vi.fn> },
    close: vi.fn(),
    addEventListener: (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
      listeners.added += 1
      options?.signal?.addEventListener('abort', () => {
        listeners.removed += 1
      })
      target.addEventListener(type, listener, options)
    },
  }
  Object.assign(window, { parent: window })
  const history = { state: null, replaceState: vi.fn() }
  vi.stubGlobal('window', window)
  vi.stubGlobal('location', location)
  vi.stubGlobal('history', history)
  vi.stubGlobal('document', {
    get visibilityState() {
      return page.isInFront ? 'visible' : 'hidden'
    },
    hasFocus: () => page.isInFront,
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const dispatch = (type: string, values: object) =>
    target.dispatchEvent(Object.assign(new Event(type), values))
  return {
    open,
    popup,
    location,
    history,
    window,
    listeners,
    /** The items of the session storage. */
    storage: fakeStorage(),
    /** The end user closes the popup. */
    close() {
      popup.closed = true
      page.isInFront = true
    },
    /** The next popup is another one. */
    reset() {
      popup.closed = false
      page.isInFront = false
    },
    setInFront(isInFront: boolean) {
      page.isInFront = isInFront
    },
    message: (origin: string, data: object) => dispatch('message', { origin, data }),
    show: (persisted: boolean) => dispatch('pageshow', { persisted }),
  }
}

import { expect, test, vi } from 'vitest'
import { createApi } from '../../src/client/api.ts'
import { readEvents } from '../../src/client/event-stream.ts'
import { followLink } from '../../src/client/follow-link.ts'
import type { ConnectLink } from '../../src/client/types.ts'
import { watchFrame } from '../../src/client/watch-frame.ts'
import { watchPopup } from '../../src/client/watch-popup.ts'
import { completed, fakeGateway, fakePage, gateway } from './fake-page.ts'

const { signal } = new AbortController()
const refused = {
  errors: [{ message: 'A valid session is required.', extensions: { code: 'UNAUTHENTICATED' } }],
}

test('calls that are refused at the same time get one new session', async () => {
  const fake = fakeGateway({
    OpenConnectLink: ({ token }) => (token === 'new' ? completed : fake.json(refused, 401)),
  })
  const getSession = vi.fn(async () => 'new')
  const api = createApi({ gateway: `${gateway}/`, session: 'old', getSession }, signal)
  expect(await Promise.all([api.read('link-1'), api.read('link-1')])).toEqual([completed, completed])
  expect(getSession).toHaveBeenCalledOnce()
  await api.read('link-1')
  expect(fake.calls.map(({ token }) => token)).toEqual(['old', 'old', 'new', 'new', 'new'])
})

test.each([
  ['without getSession', undefined],
  ['if the new session is refused too', async () => 'also expired'],
  [
    'if there is no new session',
    async () => {
      throw new Error('signed out')
    },
  ],
])('a refused session is an error %s', async (_, getSession) => {
  const fake = fakeGateway({ OpenConnectLink: () => fake.json(refused, 401) })
  const api = createApi({ gateway, session: 'old', getSession }, signal)
  await expect(api.read('link-1')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(fake.calls.length).toBeLessThanOrEqual(2)
})

test('a gateway of another version gets the text of documents that it does not know', async () => {
  const unknown = {
    errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  }
  const fake = fakeGateway({
    OpenConnectLink: ({ body }) => (body.query ? completed : fake.json(unknown, 400)),
  })
  const api = createApi({ gateway, session: 'token' }, signal)
  await api.read('link-1')
  await api.read('link-1')
  expect(fake.calls.map(({ body }) => 'query' in body)).toEqual([false, true, true])
})

test.each([
  ['a page of a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), 'UNREACHABLE'],
  ['no link', () => null, 'NOT_FOUND'],
])('%s is a typed error', async (_, answer, code) => {
  const fake = fakeGateway({ OpenConnectLink: () => answer() ?? fake.json({ data: { result: null } }) })
  await expect(createApi({ gateway, session: 'token' }, signal).read('link-1')).rejects.toMatchObject({
    code,
  })
})

test('a network failure is the error UNREACHABLE', async () => {
  fakeGateway()
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  const call = createApi({ gateway, session: 'token' }, signal).read('link-1')
  await expect(call).rejects.toMatchObject({ code: 'UNREACHABLE' })
})

async function eventsOf(chunks: readonly string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
  const events = []
  for await (const event of readEvents(body)) events.push(event)
  return events
}

test.each([
  ['in one piece', [':\n\nevent: next\ndata: 1\n\nevent: complete\ndata:\n\n']],
  ['cut anywhere', [...':\r\n\r\nevent: next\r\ndata: 1\r\n\r\nevent: complete\r\ndata:\r\n\r\n']],
])('an event stream %s', async (_, chunks) => {
  expect(await eventsOf(chunks)).toEqual([
    { event: 'next', data: '1' },
    { event: 'complete', data: '' },
  ])
})

test('data of several lines is one text, and fields without a name are left out', async () => {
  expect(await eventsOf(['data:a: b\ndata: c\nid: 1\n\n', 'data: cut off'])).toEqual([
    { event: 'message', data: 'a: b\nc' },
  ])
})

test('while streams fail the link is read, and a stream is tried again', async () => {
  vi.useFakeTimers()
  try {
    let streams = 0
    const fake = fakeGateway({
      OpenConnectUpdates: () => {
        streams += 1
        return streams < 3 ? new Response('', { status: 503 }) : undefined
      },
    })
    const abort = new AbortController()
    const seen: string[] = []
    const onLink = ({ status }: ConnectLink) => void seen.push(status)
    const api = createApi({ gateway, session: 'token' }, abort.signal)
    const following = followLink(api, 'link-1', { signal: abort.signal, onLink })
    await vi.advanceTimersByTimeAsync(2_500)
    fake.change({ status: 'OPENED' })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(fake.names()).toEqual([
      'OpenConnectUpdates',
      'OpenConnectLink',
      'OpenConnectUpdates',
      'OpenConnectLink',
      'OpenConnectLink',
      'OpenConnectUpdates',
    ])
    expect(seen).toEqual(['CREATED', 'OPENED', 'OPENED', 'OPENED'])
    fake.cut()
    await vi.advanceTimersByTimeAsync(2_500)
    expect(fake.names().slice(-2)).toEqual(['OpenConnectLink', 'OpenConnectUpdates'])
    abort.abort()
    await following
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('following ends with an error when the session is not accepted any more', async () => {
  vi.useFakeTimers()
  try {
    const fake = fakeGateway({
      OpenConnectUpdates: () => fake.json(refused, 401),
      OpenConnectLink: () => fake.json(refused, 401),
    })
    const api = createApi({ gateway, session: 'token' }, signal)
    const following = expect(
      followLink(api, 'link-1', { signal, onLink: () => undefined }),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await vi.advanceTimersByTimeAsync(2_500)
    await following
  } finally {
    vi.useRealTimers()
  }
})

/** Whether the promise is resolved after that time. */
async function isLeftAfter(left: Promise<string>, ms: number): Promise<boolean> {
  const done = vi.fn()
  void left.then(done)
  await vi.advanceTimersByTimeAsync(ms)
  return done.mock.calls.length > 0
}

test('a popup counts as closed soon after this page has come to the front with it', async () => {
  vi.useFakeTimers()
  try {
    const page = fakePage()
    const left = watchPopup(page.popup, new AbortController().signal)
    expect(await isLeftAfter(left, 60_000)).toBe(false)
    page.close()
    expect(await isLeftAfter(left, 3_000)).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('a popup whose handle a provider cut counts as closed after this page was in front for a while', async () => {
  vi.useFakeTimers()
  try {
    const page = fakePage()
    const abort = new AbortController()
    const left = watchPopup(page.popup, abort.signal)
    page.popup.closed = true
    expect(await isLeftAfter(left, 60_000)).toBe(false)
    // A look at the application does not end the attempt.
    page.setInFront(true)
    expect(await isLeftAfter(left, 8_000)).toBe(false)
    page.setInFront(false)
    expect(await isLeftAfter(left, 60_000)).toBe(false)
    page.setInFront(true)
    expect(await isLeftAfter(left, 17_000)).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('an iframe is refused if a page was loaded and the gateway has not reported itself', async () => {
  vi.useFakeTimers()
  try {
    const frame = Object.assign(new EventTarget(), { isConnected: true })
    const open = () => watchFrame(frame as unknown as HTMLIFrameElement)
    const refusedFrame = open()
    const shownFrame = open()
    for (const watch of [refusedFrame, shownFrame]) watch.start()
    const abort = new AbortController()
    const refusal = refusedFrame.ended(abort.signal)
    const shown = shownFrame.ended(abort.signal)
    expect(await isLeftAfter(refusal, 30_000)).toBe(false)
    frame.dispatchEvent(new Event('load'))
    shownFrame.confirm()
    expect(await isLeftAfter(refusal, 5_000)).toBe(true)
    expect(await refusal).toBe('refused')
    expect(await isLeftAfter(shown, 30_000)).toBe(false)
    frame.isConnected = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await shown).toBe('left')
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

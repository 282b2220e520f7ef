import { expect, test, vi } from 'vitest'
import { closeConnectWindow, openConnect, resumeConnect } from '../../src/client/index.ts'
import { completed, fakeGateway, fakePage, gateway, testLink } from './fake-page.ts'

const options = { gateway, session: 'token-1', application: 'hubspot' }
const cancelled = { status: 'cancelled', linkId: 'link-1', failure: { code: 'CANCELLED', message: null } }
const failure = { code: 'INVALID_CREDENTIALS', message: 'Wrong password', at: '2026-11-30T10:00:00Z' }

/** The client polls with real timers; nothing here waits longer than for its shortest ones. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

test('the popup is opened before anything is awaited, and is closed when the link has completed', async () => {
  const { calls, push, openStreams } = fakeGateway()
  const page = fakePage()
  const statuses: string[] = []
  const result = openConnect({ ...options, onStatus: (status) => void statuses.push(status) })
  expect(page.open).toHaveBeenCalledExactlyOnceWith(
    'about:blank',
    expect.any(String),
    expect.stringContaining('popup'),
  )
  await eventually(() => expect(openStreams()).toBe(1))
  expect(page.popup.location.replace).toHaveBeenCalledExactlyOnceWith(testLink.url)
  expect(calls[0]).toMatchObject({ token: 'token-1', variables: { input: { connector: 'hubspot' } } })
  push({ status: 'OPENED' })
  push(completed)
  expect(await result).toEqual({ status: 'completed', linkId: 'link-1', connection: completed.connection })
  expect(statuses).toEqual(['CREATED', 'OPENED', 'COMPLETED'])
  expect(page.popup.close).toHaveBeenCalledOnce()
  expect(openStreams()).toBe(0)
  expect(page.listeners.removed).toBe(page.listeners.added)
})

test('a second click shows the window of the first', async () => {
  const { push, openStreams } = fakeGateway()
  const page = fakePage()
  const first = openConnect(options)
  const second = openConnect(options)
  expect(second).toBe(first)
  expect(page.open).toHaveBeenCalledOnce()
  expect(page.popup.focus).toHaveBeenCalledOnce()
  await eventually(() => expect(openStreams()).toBe(1))
  push(completed)
  await first
  const abort = new AbortController()
  const third = openConnect({ ...options, signal: abort.signal })
  expect(page.open).toHaveBeenCalledTimes(2)
  abort.abort()
  await expect(third).rejects.toThrow()
})

test('a popup that the end user closes cancels the attempt', async () => {
  const { push, openStreams, names } = fakeGateway()
  const page = fakePage()
  const result = openConnect(options)
  await eventually(() => expect(openStreams()).toBe(1))
  push({ status: 'OPENED' })
  page.close()
  expect(await result).toEqual(cancelled)
  expect(names().slice(-2)).toEqual(['OpenConnectLink', 'OpenConnectCancel'])
})

test('after a failed attempt, the result of a closed popup is the failure', async () => {
  const { push, openStreams, names } = fakeGateway()
  const page = fakePage()
  const result = openConnect(options)
  await eventually(() => expect(openStreams()).toBe(1))
  push({ status: 'AUTHORIZING', lastFailure: failure })
  page.close()
  expect(await result).toMatchObject({
    status: 'failed',
    failure: { code: failure.code, message: failure.message },
  })
  expect(names()).not.toContain('OpenConnectCancel')
})

test('a failure before the attempt is not its result', async () => {
  const { openStreams, change } = fakeGateway()
  // Until then the status does not show whether the end user has come back once more.
  change({ status: 'AUTHORIZING', lastFailure: failure })
  const page = fakePage()
  const result = openConnect({ gateway, session: 'token-1', link: 'link-1' })
  await eventually(() => expect(openStreams()).toBe(1))
  page.close()
  expect(await result).toEqual(cancelled)
})

test('a popup that is closed while the provider confirms does not end the attempt', async () => {
  const { push, openStreams, names } = fakeGateway()
  const page = fakePage()
  const result = openConnect(options)
  await eventually(() => expect(openStreams()).toBe(1))
  push({ status: 'AUTHORIZING' })
  page.close()
  await eventually(() => expect(names()).toContain('OpenConnectLink'))
  push(completed)
  expect(await result).toMatchObject({ status: 'completed' })
  expect(names()).not.toContain('OpenConnectCancel')
})

test('a link that was passed on is left to the colleague', async () => {
  const { push, openStreams } = fakeGateway()
  const page = fakePage()
  const result = openConnect(options)
  await eventually(() => expect(openStreams()).toBe(1))
  push({ handOver: { state: 'WAITING' } })
  page.close()
  expect(await result).toMatchObject({ status: 'cancelled', failure: { code: 'HANDED_OVER' } })
})

test('a blocked popup becomes a redirect that comes back to this page', async () => {
  const { calls, openStreams } = fakeGateway()
  const page = fakePage({ isBlocked: true })
  const result = openConnect(options)
  await eventually(() => expect(page.location.assign).toHaveBeenCalledExactlyOnceWith(testLink.url))
  expect(calls[0]?.variables.input).toEqual({
    connector: 'hubspot',
    redirectUri: 'https://app.example.com/settings?tab=1#top',
  })
  // Browsers do not keep a page with an open stream for the way back.
  expect(openStreams()).toBe(0)
  page.show(true)
  expect(await result).toEqual(cancelled)
})

test.each([
  ['another site', 'https://evil.example.com', 'link-1', 1],
  ['another link', gateway, 'link-2', 1],
  ['the gateway', gateway, 'link-1', 2],
  ['a page of the application', 'https://app.example.com', 'link-1', 2],
] as const)('a message of %s', async (_, origin, linkId, reads) => {
  const { push, openStreams, names } = fakeGateway()
  const page = fakePage()
  const result = openConnect({ gateway, session: 'token-1', link: 'link-1' })
  await eventually(() => expect(openStreams()).toBe(1))
  page.message(origin, { type: 'connect-gateway', linkId, status: 'COMPLETED' })
  push(completed)
  await result
  expect(names().filter((name) => name === 'OpenConnectLink')).toHaveLength(reads)
})

test('an abort closes everything and rejects with its reason', async () => {
  const { openStreams } = fakeGateway()
  const page = fakePage()
  const abort = new AbortController()
  const result = openConnect({ ...options, signal: abort.signal })
  await eventually(() => expect(openStreams()).toBe(1))
  abort.abort(new Error('unmounted'))
  await expect(result).rejects.toThrow('unmounted')
  expect(page.popup.close).toHaveBeenCalledOnce()
  expect(openStreams()).toBe(0)
  await expect(openConnect({ ...options, signal: abort.signal })).rejects.toThrow('unmounted')
  expect(page.open).toHaveBeenCalledOnce()
})

test('a refused call closes the popup and rejects with the typed error', async () => {
  const issues = [{ path: ['input', 'connector'], message: 'is unknown' }]
  fakeGateway({
    OpenConnectCreate: () => ({ code: 'INVALID_INPUT', message: 'The input is invalid.', issues }),
  })
  const page = fakePage()
  await expect(openConnect({ ...options, application: 'unknown' })).rejects.toMatchObject({
    name: 'ConnectError',
    code: 'INVALID_INPUT',
    issues,
  })
  expect(page.popup.close).toHaveBeenCalledOnce()
})

test('exactly one target has to be set', async () => {
  const page = fakePage()
  await expect(openConnect({ ...options, link: 'link-1' })).rejects.toThrow('Set one of')
  await expect(openConnect({ gateway, session: 'token-1' })).rejects.toThrow('Set one of')
  expect(page.open).not.toHaveBeenCalled()
})

test('an exception of onStatus does not end the attempt', async () => {
  const { push, openStreams } = fakeGateway()
  fakePage()
  const reported = vi.fn()
  vi.stubGlobal('reportError', reported)
  const onStatus = () => {
    throw new Error('in the application')
  }
  const result = openConnect({ ...options, onStatus })
  await eventually(() => expect(openStreams()).toBe(1))
  push(completed)
  expect(await result).toMatchObject({ status: 'completed' })
  expect(reported).toHaveBeenCalledTimes(2)
})

const returned = (status: string) =>
  `https://app.example.com/settings?tab=1&connect_link_id=link-1&status=${status}`

test.each([
  ['success', completed, { status: 'completed' }],
  ['failed', { lastFailure: failure }, { status: 'failed', failure: { code: 'INVALID_CREDENTIALS' } }],
  ['failed', completed, { status: 'completed' }],
  ['success', { status: 'EXPIRED' as const }, { status: 'failed', failure: { code: 'EXPIRED' } }],
] as const)('resumeConnect after a redirect with status=%s', async (status, link, expected) => {
  const { change } = fakeGateway()
  change(link)
  const page = fakePage({ href: returned(status) })
  expect(await resumeConnect({ gateway, session: 'token-1' })).toMatchObject(expected)
  expect(page.history.replaceState).toHaveBeenCalledExactlyOnceWith(
    null,
    '',
    'https://app.example.com/settings?tab=1',
  )
})

test('resumeConnect waits while the result is pending, also if the query says otherwise', async () => {
  const { push, openStreams } = fakeGateway()
  fakePage({ href: returned('failed') })
  const result = resumeConnect({ gateway, session: 'token-1' })
  await eventually(() => expect(openStreams()).toBe(1))
  push(completed)
  expect(await result).toMatchObject({ status: 'completed' })
})

test('resumeConnect returns null on other pages', async () => {
  const { calls } = fakeGateway()
  fakePage()
  expect(await resumeConnect({ gateway, session: 'token-1' })).toBeNull()
  expect(calls).toEqual([])
})

test('closeConnectWindow reports to the opener, of its own origin only', () => {
  const page = fakePage({ href: returned('success') })
  expect(closeConnectWindow()).toBe(false)
  page.window.opener = { postMessage: vi.fn() }
  expect(closeConnectWindow()).toBe(true)
  const message = { type: 'connect-gateway', linkId: 'link-1', status: 'success' }
  expect(page.window.opener.postMessage).toHaveBeenCalledExactlyOnceWith(message, 'https://app.example.com')
  expect(page.window.close).toHaveBeenCalledOnce()
})

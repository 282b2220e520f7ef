import { type Api, createApi } from './api.ts'
import { createAttempt } from './attempt.ts'
import { returnOf } from './messages.ts'
import { recallLink, rememberLink } from './open-links.ts'
import { isEnded, isHandedOver, resultOfAttempt, resultOfEnded } from './result.ts'
import { openSurface, type Surface } from './surface.ts'
import type { ConnectLink, ConnectOptions, ConnectResult, GatewayOptions } from './types.ts'

interface Running {
  readonly surface: Surface
  readonly result: Promise<ConnectResult>
}

/** Attempts that are under way in this page, by what they connect: a second click does not open a second window. */
const running = new Map<string, Running>()

/**
 * Lets the end user connect an account: opens the page of a connect link in a popup, in an iframe, or in this window, and
 * resolves with the result. Call it in the handler of a click, before anything is awaited; a popup that the browser
 * blocks all the same becomes a redirect. After a redirect the promise stays pending, because the page is left:
 * `resumeConnect` returns the result on the page of the redirect URI. A call for what is being connected already shows that
 * window again and returns the same promise; a call for what an earlier one has not connected continues the link of that
 * one while it is open. Rejects with a `ConnectError` if no link can be created or followed.
 */
export function openConnect(options: ConnectOptions): Promise<ConnectResult> {
  const { gateway, application, connection, link, provider, mode = 'popup', container, signal } = options
  if ([application, connection, link].filter((target) => target !== undefined).length !== 1)
    return Promise.reject(new TypeError('Set one of application, connection and link.'))
  if (signal?.aborted) return Promise.reject(signal.reason)
  const key = JSON.stringify([gateway, application, connection, link, provider])
  const earlier = running.get(key)
  if (earlier) {
    earlier.surface.focus()
    return earlier.result
  }
  let surface: Surface
  try {
    surface = openSurface(mode, container)
  } catch (error) {
    return Promise.reject(error)
  }
  const result = untilDone(options, (ended) => connect(options, surface, ended)).finally(() => {
    running.delete(key)
    surface.close()
  })
  running.set(key, { surface, result })
  return result
}

async function connect(
  options: ConnectOptions,
  surface: Surface,
  signal: AbortSignal,
): Promise<ConnectResult> {
  const api = createApi(options, signal)
  const link = await findOrCreate(api, options, surface.mode === 'redirect')
  const { url } = link
  if (isEnded(link)) return resultOfEnded(link)
  if (url === null) return resultOfAttempt(link, null)
  const attempt = createAttempt({ api, link, onStatus: options.onStatus, signal })
  return attempt.show(surface, url, () => openPage(api, link, { url, surface }))
}

/**
 * The link that is named; else the one that an earlier call has left open for the same target and input, because every
 * link counts towards the end user's limit until it expires; else a new one.
 */
async function findOrCreate(
  api: Api,
  { gateway, application, connection, link, provider, input }: ConnectOptions,
  isRedirect: boolean,
): Promise<ConnectLink> {
  if (link !== undefined) return api.read(typeof link === 'string' ? link : link.id)
  const allInput = { ...(isRedirect && { redirectUri: hereWithoutResult() }), ...input }
  const target = JSON.stringify([gateway, application, connection, provider, allInput])
  const id = await recallLink(target)
  // Not found: another end user is signed in by now.
  const earlier = id === undefined ? null : await api.read(id).catch(() => null)
  if (earlier && isUsable(earlier)) return earlier
  const created = await (connection === undefined
    ? api.create(provider, { connector: application, ...allInput })
    : api.reconnect(connection, allInput))
  await rememberLink(target, isUsable(created) ? created.id : undefined)
  return created
}

const isUsable = (link: ConnectLink) => !isEnded(link) && link.url !== null && !isHandedOver(link)

/** Links with the guard SAME_BROWSER are opened by a form with a claim: the gateway then knows this browser. */
async function openPage(
  api: Api,
  { id, guard }: ConnectLink,
  { url, surface }: { readonly url: string; readonly surface: Surface },
): Promise<void> {
  const claim = guard === 'SAME_BROWSER' ? await api.claim(id).catch(() => null) : null
  if (claim === null) return surface.show(url)
  surface.start()
  const form = document.createElement('form')
  form.method = 'post'
  form.action = url
  form.target = surface.target
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = 'claim'
  field.value = claim
  form.append(field)
  document.body.append(form)
  form.submit()
  form.remove()
}

/**
 * For the page of the redirect URI: returns the result of the link that is named in its query, and removes it from the
 * address. `null` if the page was not opened by such a redirect. While the result is pending, waits for it.
 */
export async function resumeConnect(options: GatewayOptions): Promise<ConnectResult | null> {
  const returned = returnOf(location.href)
  if (returned === null) return null
  const result = await untilDone(options, async (signal) => {
    const api = createApi(options, signal)
    const link = await api.read(returned.linkId)
    if (isEnded(link)) return resultOfEnded(link)
    // The query can be forged: that the attempt has failed shows in the link.
    if (returned.status === 'failed' && link.lastFailure) return resultOfAttempt(link, link.lastFailure)
    return createAttempt({ api, link, onStatus: options.onStatus, signal }).resume()
  })
  history.replaceState(history.state, '', hereWithoutResult())
  return result
}

/** This page, without the result of an earlier redirect. */
function hereWithoutResult(): string {
  const url = new URL(location.href)
  for (const name of ['connect_link_id', 'status', 'error']) url.searchParams.delete(name)
  return url.href
}

/** Runs with a signal that aborts when the result is there, and when the application's signal aborts. */
async function untilDone(
  { signal }: GatewayOptions,
  run: (signal: AbortSignal) => Promise<ConnectResult>,
): Promise<ConnectResult> {
  const ended = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { signal: ended.signal })
  })
  try {
    return await Promise.race([run(ended.signal), aborted])
  } finally {
    ended.abort()
  }
}

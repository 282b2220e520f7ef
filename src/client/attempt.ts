import type { Api } from './api.ts'
import { followLink } from './follow-link.ts'
import { listenToMessages } from './messages.ts'
import { failed, isEnded, resultOfAttempt, resultOfEnded } from './result.ts'
import { sleep } from './sleep.ts'
import type { Surface } from './surface.ts'
import type { ConnectLink, ConnectResult, GatewayOptions } from './types.ts'

const pollMs = 2_500
/** How long a confirmation is waited for if the end user had come back from the provider before the window was closed. */
const confirmationMs = 60_000
const order = ['CREATED', 'OPENED', 'AUTHORIZING']

export interface AttemptOptions {
  readonly api: Api
  /** As it was before the attempt. */
  readonly link: ConnectLink
  readonly onStatus: GatewayOptions['onStatus']
  /** Aborts when the attempt is over, too. */
  readonly signal: AbortSignal
}

/** One attempt to connect: the link is followed until it has ended, or until the end user has given up. */
export function createAttempt({ api, link, onStatus, signal }: AttemptOptions) {
  let last = link
  let finish: (result: ConnectResult) => void = () => undefined
  const finished = new Promise<ConnectResult>((resolve) => {
    finish = resolve
  })
  report(onStatus, last)

  /** Failures before this attempt are not its own. */
  const ownFailure = () => (last.lastFailure?.at === link.lastFailure?.at ? null : last.lastFailure)
  /** A link is AUTHORIZING after an earlier attempt has failed, too: the status then does not show the way back. */
  let isReturnKnown = link.status !== 'AUTHORIZING' || link.lastFailure === null
  /** The end user has come back from the provider, which has not confirmed the connection yet. */
  const isConfirming = () =>
    last.status === 'AUTHORIZING' && ownFailure() === null && (isReturnKnown || last.awaitingConfirmation)

  function update(next: ConnectLink): void {
    // A read and the stream can overtake each other.
    if (signal.aborted || isEnded(last) || (!isEnded(next) && rank(next) < rank(last))) return
    const isNew = next.status !== last.status || next.awaitingConfirmation !== last.awaitingConfirmation
    last = next
    if (isNew) report(onStatus, next)
    if (isEnded(next)) finish(resultOfEnded(next))
  }

  const readNow = () => api.read(link.id).then(update, () => undefined)

  /** The end user has left the window: ends the attempt, unless the provider is about to confirm it. */
  async function leave(): Promise<void> {
    await readNow()
    // A held connection waits for the application, however long that takes.
    while (isConfirming() && last.awaitingConfirmation && !signal.aborted) await sleep(pollMs, signal)
    for (let waited = 0; isConfirming() && waited < confirmationMs && !signal.aborted; waited += pollMs) {
      await sleep(pollMs, signal)
      await readNow()
    }
    if (signal.aborted || isEnded(last)) return
    if (isConfirming()) return finish(failed(link.id, 'PENDING'))
    if (ownFailure() === null) await api.cancel(link.id).catch(() => undefined)
    finish(resultOfAttempt(last, ownFailure()))
  }

  /** Resolves when the link has ended or `finish` was called; rejects if the link cannot be followed any more. */
  function follow(onLink = update): Promise<ConnectResult> {
    const following = followLink(api, link.id, { signal, onLink })
    return Promise.race([finished, following.then(() => finished)])
  }

  return {
    /** Shows the link, and returns the result. */
    async show(surface: Surface, url: string, open: () => Promise<void>): Promise<ConnectResult> {
      listenToMessages({ id: link.id, url }, onMessage, signal)
      // Timers of a page in the background are slow.
      window.addEventListener('focus', () => void readNow(), { signal })
      void surface.ended(signal).then((reason) => {
        if (reason === 'left') return leave()
        return finish(
          failed(
            link.id,
            'FRAME_REFUSED',
            'The gateway does not allow this page to frame the link: name its origin in CORS_ORIGINS or EMBED_ORIGINS.',
          ),
        )
      })
      function onMessage(status: string) {
        surface.confirm()
        // Of the page of the redirect URI.
        if (status === 'success' || status === 'pending') isReturnKnown = true
        if (status === 'failed' || status === 'CANCELLED') void leave()
        else void readNow()
      }
      await open()
      // Browsers do not keep a page with an open stream for the way back.
      return surface.mode === 'redirect' ? finished : follow()
    },
    /** After a redirect back: the attempt is over when it has failed, too. */
    resume: () =>
      follow((next) => {
        update(next)
        if (!isEnded(next) && ownFailure() !== null) finish(resultOfAttempt(last, ownFailure()))
      }),
  }
}

const rank = ({ status }: ConnectLink) => order.indexOf(status)

function report(onStatus: GatewayOptions['onStatus'], link: ConnectLink): void {
  try {
    onStatus?.(link.status, link)
  } catch (error) {
    reportError(error)
  }
}

import type { ServerResponse } from 'node:http'
import type { OpenedDoor } from '../connect/open-connect-link.ts'
import type { LinkStatus } from '../store/schema.ts'
import { type PageText, privateHeaders, sendPage } from './page.ts'

/** Shown where an application names no address of its own. */
export const donePage: PageText = {
  title: 'That is all',
  text: 'You can close this window and go back to the application.',
}

const unknownPage: PageText = {
  title: 'This link does not exist',
  text: 'Perhaps a part of it was lost. Open it again from where you got it, or ask for a new one.',
}

const endedPages: Partial<Record<LinkStatus, PageText>> = {
  COMPLETED: { title: 'Already connected', text: 'This link has done its work. You can close this window.' },
  EXPIRED: { title: 'This link has expired', text: 'Go back to the application and ask for a new one.' },
  REVOKED: { title: 'This link was withdrawn', text: 'Go back to the application and ask for a new one.' },
  SUPERSEDED: { title: 'There is a newer link', text: 'Use the link that you got last.' },
}

const otherEnd: PageText = {
  title: 'This link no longer works',
  text: 'Go back to the application and ask for a new one.',
}

/** Sends the end user on to the provider, or says what became of the link. */
export function answerDoor(response: ServerResponse, door: OpenedDoor): void {
  if (door.kind === 'unknown') return sendPage(response, 404, unknownPage)
  if (door.kind === 'ended') return sendPage(response, 410, endedPages[door.status] ?? otherEnd)
  response.writeHead(302, { ...privateHeaders, location: new URL(door.to).href })
  response.end()
}

import { html } from '../pages/html.ts'
import type { PortalVisit } from './portal-context.ts'
import { sendPortalPage } from './portal-page.ts'

const statuses: Readonly<Record<string, number>> = {
  RATE_LIMITED: 429,
  COST_LIMIT: 429,
  FORBIDDEN: 403,
  FORM: 403,
  BAD_USER_INPUT: 400,
  SERVICE_UNAVAILABLE: 503,
  TIMEOUT: 504,
}

/** The page for an operation that the API has refused. `FORM`: another site has sent the form. */
export function sendRefusal(visit: PortalVisit, code: string, retryAfterSeconds: number | null = null): void {
  const { exchange } = visit
  if (retryAfterSeconds !== null) exchange.response.setHeader('retry-after', retryAfterSeconds)
  const [title, text] = textsOf(visit, code, retryAfterSeconds)
  sendPortalPage(visit, {
    status: statuses[code] ?? 500,
    title,
    main: html`<h1>${title}</h1>
<p>${text}</p>`,
  })
}

function textsOf(
  { texts: { errors } }: PortalVisit,
  code: string,
  retryAfterSeconds: number | null,
): readonly [string, string] {
  if (code === 'RATE_LIMITED') return [errors.busy, errors.wait(String(retryAfterSeconds ?? 60))]
  if (code === 'FORBIDDEN') return [errors.forbidden, errors.forbiddenText]
  if (code === 'FORM') return [errors.form, errors.formText]
  return [errors.unavailable, errors.unavailableText]
}

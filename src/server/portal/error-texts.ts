import type { ChangeError } from './changes.ts'
import type { PortalVisit } from './portal-context.ts'

interface ErrorText {
  readonly text: string
  /** HTTP status of the page. */
  readonly status: number
}

/** What an end user reads about a link that was not created. */
export function connectErrorText(
  { texts: { errors }, names }: Pick<PortalVisit, 'texts' | 'names'>,
  application: string,
  { code, issues = [] }: ChangeError,
): ErrorText {
  switch (code) {
    case 'TOO_MANY_OPEN_LINKS':
      return { text: errors.tooManyLinks, status: 409 }
    case 'OPERATION_IN_PROGRESS':
      return { text: errors.inProgress, status: 409 }
    case 'IDEMPOTENCY_CONFLICT':
    case 'INVALID_STATE':
      return { text: errors.used, status: 409 }
    case 'INVALID_INPUT':
      return issues.some(({ path }) => path.at(-1) === 'direction')
        ? { text: errors.direction, status: 422 }
        : { text: errors.settings(application, names), status: 422 }
    case 'NOT_FOUND':
    case 'UNSUPPORTED':
    case 'PROVIDER_NOT_CONFIGURED':
      return { text: errors.unsupported(application), status: 422 }
    case 'PROVIDER_REJECTED':
      return { text: errors.rejected(application), status: 502 }
    default:
      return { text: errors.providerDown(application), status: 503 }
  }
}

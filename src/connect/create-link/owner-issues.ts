import type { InputIssue } from '../../domain/errors.ts'
import type { ConnectionOwner } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { isEndUser } from '../authorization.ts'

interface OwnerInput {
  readonly endUser?: { readonly organization?: { readonly id: string } | null | undefined } | null | undefined
  readonly ownedBy?: ConnectionOwner | null | undefined
}

/** The issues of the organization and owner of a link. A session has its own end user and organization, whatever is given. */
export function ownerIssues({ endUser, ownedBy }: OwnerInput, viewer: Viewer): readonly InputIssue[] {
  const isSession = isEndUser(viewer)
  const own = viewer.endUser?.organization ?? null
  const named = endUser?.organization ?? null
  const issues: InputIssue[] = []
  if (isSession && named !== null && named.id !== own?.id)
    issues.push({
      path: ['input', 'endUser', 'organization', 'id'],
      message: 'is not the organization of this session',
    })
  if (ownedBy !== 'ORGANIZATION') return issues
  const path = ['input', 'ownedBy']
  if ((isSession ? own : named) === null)
    issues.push({ path, message: 'needs an organization of the end user' })
  else if (isSession && viewer.organizationAccess !== 'MANAGE')
    issues.push({ path, message: 'needs a session with organizationAccess MANAGE' })
  return issues
}

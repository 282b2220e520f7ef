import type { InputIssue } from '../../domain/errors.ts'
import type { LinkGuard } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { guardProblem } from '../session-limits.ts'

interface GuardInput {
  readonly guard?: LinkGuard | null | undefined
  readonly codeChallenge?: string | null | undefined
}

/** The issues of a guard and of its code challenge. `defaultGuard`: of an input without a guard. */
export function guardIssues(
  { guard: given, codeChallenge }: GuardInput,
  viewer: Viewer,
  defaultGuard: LinkGuard,
): readonly InputIssue[] {
  const guard = given ?? defaultGuard
  const problem = guardProblem(viewer, guard, defaultGuard)
  if (problem !== null) return [{ path: ['input', 'guard'], message: problem }]
  if ((guard === 'CONFIRM') === (codeChallenge != null)) return []
  const message = guard === 'CONFIRM' ? 'is required with the guard CONFIRM' : 'is only for the guard CONFIRM'
  return [{ path: ['input', 'codeChallenge'], message }]
}

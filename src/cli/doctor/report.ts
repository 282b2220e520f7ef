import type { Output } from '../output.ts'
import type { CheckStatus, Finding } from './check.ts'

/** The result has one line for each finding, and a last one with their numbers. */
export function reportFindings(findings: readonly Finding[], output: Output): void {
  const count = (status: CheckStatus) => findings.filter((one) => one.status === status).length
  const counts = {
    passed: count('PASS'),
    warnings: count('WARN'),
    failed: count('FAIL'),
    skipped: count('SKIP'),
  }
  const lines = findings.map(
    ({ status, subject, check, message }) => `${status}  ${subject}: ${check}. ${message}`,
  )
  const summary = `${counts.passed} passed, ${counts.warnings} with a warning, ${counts.failed} failed, ${counts.skipped} skipped`
  output.result([...lines, '', summary].join('\n'), { ...counts, checks: findings })
}

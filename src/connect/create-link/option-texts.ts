import { isPrintableText, isValidText } from '../../domain/valid-text.ts'

/** Walking deeper would risk a stack overflow, here and where the block is serialized. */
const maxDepth = 50

interface TextIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Issues of the texts in an option block, as paths in it. Texts below the first level may have line breaks: private keys do. */
export function textIssuesOf(value: unknown, path: TextIssue['path'] = []): readonly TextIssue[] {
  const isAllowed = path.length < 2 ? isPrintableText : isValidText
  if (typeof value === 'string' && !isAllowed(value))
    return [{ path, message: 'must not contain control characters' }]
  if (value === null || typeof value !== 'object') return []
  if (path.length >= maxDepth) return [{ path, message: 'is nested too deeply' }]
  return Object.entries(value).flatMap(([key, inner]) => textIssuesOf(inner, [...path, key]))
}

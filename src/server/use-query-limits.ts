import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type ParseOptions,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'

export interface QueryLimits {
  readonly depth: number
  readonly aliases: number
  readonly tokens: number
}

/** Rejects documents above the limits, with one error code per limit: TOKEN_LIMIT, DEPTH_LIMIT, ALIAS_LIMIT. */
export function useQueryLimits(limits: QueryLimits): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseDocument(source, limits, options))
    },
    onValidate({ addValidationRule }) {
      addValidationRule(depthAndAliasRule(limits))
    },
  }
}

/** Throws TOKEN_LIMIT if the document has too many tokens. */
export function parseDocument(
  source: Parameters<typeof parse>[0],
  { tokens }: QueryLimits,
  options: ParseOptions = {},
): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: tokens })
  } catch (error) {
    // "that" is graphql-js's own wording.
    const isTooLong = error instanceof GraphQLError && error.message.includes(`more that ${tokens} tokens`)
    throw isTooLong ? overLimit('TOKEN_LIMIT', `The document has more than ${tokens} tokens.`) : error
  }
}

/** A validation rule that reports DEPTH_LIMIT and ALIAS_LIMIT. */
export const depthAndAliasRule = (limits: QueryLimits) =>
  function DepthAndAliasLimits(context: ValidationContext): ASTVisitor {
    return { Document: (document) => checkDocument(document, limits, context) }
  }

const overLimit = (code: string, message: string) => new GraphQLError(message, { extensions: { code } })

function checkDocument(document: DocumentNode, limits: QueryLimits, context: ValidationContext): void {
  const measure = createMeasure(document)
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const { depth, aliases } = measure(definition.selectionSet)
    if (depth > limits.depth) {
      context.reportError(overLimit('DEPTH_LIMIT', `The operation is deeper than ${limits.depth} levels.`))
    }
    if (aliases > limits.aliases) {
      context.reportError(overLimit('ALIAS_LIMIT', `The operation has more than ${limits.aliases} aliases.`))
    }
  }
}

interface Size {
  readonly depth: number
  readonly aliases: number
}

const zeroSize: Size = { depth: 0, aliases: 0 }

/**
 * Measures selection sets with fragments expanded. Each fragment is measured once and cached; a fragment that contains
 * itself counts once.
 */
function createMeasure(document: DocumentNode): (set: SelectionSetNode | undefined) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const measured = new Map<string, Size>()

  function measureSet(set: SelectionSetNode | undefined): Size {
    return (set?.selections ?? [])
      .map(measureSelection)
      .reduce(
        (sum, size) => ({ depth: Math.max(sum.depth, size.depth), aliases: sum.aliases + size.aliases }),
        zeroSize,
      )
  }

  function measureSelection(selection: SelectionNode): Size {
    if (selection.kind === Kind.INLINE_FRAGMENT) return measureSet(selection.selectionSet)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value)
    const { depth, aliases } = measureSet(selection.selectionSet)
    // Not limited: introspection queries of tools are fifteen levels deep.
    const isIntrospection = selection.name.value.startsWith('__')
    return { depth: isIntrospection ? 0 : depth + 1, aliases: aliases + (selection.alias ? 1 : 0) }
  }

  function measureFragment(name: string): Size {
    const cached = measured.get(name)
    if (cached) return cached
    measured.set(name, zeroSize)
    const size = measureSet(fragments.get(name)?.selectionSet)
    measured.set(name, size)
    return size
  }

  return measureSet
}

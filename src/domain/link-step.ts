/** What the end user has to do at the provider, so that the gateway finds the connection. */
export type LinkStep =
  | { readonly kind: 'NAME_CONNECTION'; readonly name: string }
  | { readonly kind: 'SHARE_WITH_ORGANIZATION' }

/** The steps in English, for the API; pages have them in the language of the end user. */
export const textOfSteps = (steps: readonly LinkStep[]): string =>
  steps
    .map((step) =>
      step.kind === 'NAME_CONNECTION'
        ? `Name the connection "${step.name}".`
        : 'Make it available to the whole organization.',
    )
    .join(' ')

/** The provider's part of instructions that end with the text of the steps; `null`: there is none. */
export function withoutSteps(instructions: string | null, steps: readonly LinkStep[]): string | null {
  const own = textOfSteps(steps)
  if (instructions === null || !instructions.endsWith(own)) return instructions
  return instructions.slice(0, instructions.length - own.length).trim() || null
}

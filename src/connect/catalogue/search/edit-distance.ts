/** What a slip of the hand costs; a letter left out and two in the wrong order are commoner than a wrong letter. */
const slip = { omitted: 10, swapped: 10, repeated: 11, added: 13, wrong: 13 } as const

/** The most that a word of that length may cost and still be meant for another: one slip, from eight letters on two. */
const worst = (length: number): number => (length < 8 ? slip.wrong : 2 * slip.wrong)

/** How far what was typed is from a word; `undefined`: it is hardly meant. */
export function editDistance(typed: string, word: string): number | undefined {
  const limit = worst(typed.length)
  if (Math.abs(typed.length - word.length) * slip.omitted > limit) return undefined
  let before: number[] = []
  let last = Array.from({ length: word.length + 1 }, (_, at) => at * slip.omitted)
  for (let row = 1; row <= typed.length; row++) {
    const letter = typed[row - 1]
    const extra = letter === typed[row - 2] ? slip.repeated : slip.added
    const next = [(last[0] ?? 0) + extra]
    let least = next[0] ?? 0
    for (let at = 1; at <= word.length; at++) {
      const replaced = (last[at - 1] ?? 0) + (letter === word[at - 1] ? 0 : slip.wrong)
      const added = (last[at] ?? 0) + extra
      const omitted = (next[at - 1] ?? 0) + slip.omitted
      let cost = Math.min(replaced, added, omitted)
      if (letter === word[at - 2] && typed[row - 2] === word[at - 1])
        cost = Math.min(cost, (before[at - 2] ?? 0) + slip.swapped)
      next[at] = cost
      least = Math.min(least, cost)
    }
    // From here it only grows, but for an exchange of neighbours, which begins a row earlier.
    if (least - slip.wrong > limit) return undefined
    before = last
    last = next
  }
  const cost = last[word.length] ?? 0
  return cost <= limit ? cost : undefined
}

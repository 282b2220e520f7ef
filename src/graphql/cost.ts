/** Cost of a field that may send a request to a provider. A field that reads from the gateway costs 1. */
export const providerCallCost = 50

/** Number of entries of a page unless `first` is given, and at most. */
export const defaultPageSize = 20
export const maxPageSize = 100

/** Entries that other lists are assumed to have: histories, offers, issues. */
const shortListLength = 5

/** Cost of a field and factor for the cost of its selections. */
interface FieldCost {
  readonly field: number
  readonly multiplier: number
}

/** The entries of a page: counted already by the list that the page belongs to. */
export const pageEntriesCost: FieldCost = { field: 1, multiplier: 1 }

/**
 * The cost of a field that declares none: 1, and its selections once for each object that it can return: `first` objects
 * of a page, one for each given ID.
 */
export function fieldCost(
  args: Readonly<Record<string, unknown>>,
  _context: unknown,
  { args: declared, type }: { readonly args: readonly { readonly name: string }[]; readonly type: unknown },
): FieldCost {
  const isPage = declared.some(({ name }) => name === 'first')
  if (isPage) return { field: 1, multiplier: pageLength(args.first) }
  if (Array.isArray(args.ids)) return { field: 1, multiplier: args.ids.length }
  return { field: 1, multiplier: String(type).includes('[') ? shortListLength : 1 }
}

const pageLength = (first: unknown) =>
  Math.min(typeof first === 'number' ? first : defaultPageSize, maxPageSize)

/** The cost of a mutation that acts at a provider once for each input. */
export const costPerInput = ({ inputs }: { readonly inputs: readonly unknown[] }): FieldCost => ({
  field: providerCallCost * inputs.length,
  multiplier: inputs.length,
})

/** How many calls to a provider a field with that declared cost makes at most, by its arguments; `null`: none. */
export function providerCallsOf(declared: unknown): ((args: object) => number) | null {
  if (declared === providerCallCost) return () => 1
  return declared === costPerInput
    ? (args) => costPerInput(args as Parameters<typeof costPerInput>[0]).multiplier
    : null
}

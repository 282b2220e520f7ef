import { isDeepStrictEqual } from 'node:util'
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'

/** Executes a query or mutation whose document is valid. */
export type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>

export interface Comparison {
  readonly expected: ComparableResult
  readonly actual: ComparableResult
  readonly isEqual: boolean
}

export interface ComparedExecutors {
  readonly reference: Execute
  readonly tested: Execute
  /** Removes what is known to differ. */
  readonly normalize?: (error: ComparableError) => ComparableError
}

/** Executes the operation twice, each with a context of its own. */
export async function compareExecutors(
  { reference, tested, normalize = (error) => error }: ComparedExecutors,
  args: Omit<ExecutionArgs, 'contextValue'>,
  createContext: () => unknown,
): Promise<Comparison> {
  const resultOf = async (execute: Execute) =>
    toComparable(await execute({ ...args, contextValue: createContext() }), normalize)
  const expected = await resultOf(reference)
  const actual = await resultOf(tested)
  return { expected, actual, isEqual: isSameResult(expected, actual) }
}

export interface ComparableError {
  readonly path: string
  readonly isGraphQLError: boolean
  readonly message: string
  readonly locations: unknown
  readonly extensions: unknown
  /** Its class and message: the class decides how the error is masked. */
  readonly original: string | null
}

export interface ComparableResult {
  /** JSON text, so that the order of fields counts; `undefined`: the operation was not executed. */
  readonly data: string | undefined
  /** By path: the order of errors is not specified. */
  readonly errors: readonly ComparableError[]
  readonly extensions: unknown
}

function toComparable(
  { data, errors = [], extensions }: ExecutionResult,
  normalize: (error: ComparableError) => ComparableError,
): ComparableResult {
  const comparable = errors.map((error) => normalize(toComparableError(error)))
  return {
    data: data === undefined ? undefined : JSON.stringify(data),
    errors: comparable.sort((left, right) => compareTexts(left.path, right.path)),
    extensions,
  }
}

const compareTexts = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

function toComparableError(error: GraphQLError): ComparableError {
  const { originalError } = error
  return {
    path: JSON.stringify(error.path ?? null),
    isGraphQLError: error instanceof GraphQLError,
    message: error.message,
    locations: JSON.parse(JSON.stringify(error.locations ?? null)),
    extensions: JSON.parse(JSON.stringify(error.extensions)),
    original: originalError ? `${originalError.constructor.name}: ${originalError.message}` : null,
  }
}

/**
 * Whether two executors may both be right. Data is the same, and so are the errors, with one exception: where a null of a
 * non-null field was passed on to an object or list, at least one of the errors below that place is reported, and which
 * others are is up to the executor and, if resolvers are asynchronous, to timing (GraphQL specification, 6.4.4).
 */
function isSameResult(expected: ComparableResult, actual: ComparableResult): boolean {
  if (expected.data !== actual.data || !isDeepStrictEqual(expected.extensions, actual.extensions))
    return false
  const places = errorsByPlace(expected)
  const actualPlaces = errorsByPlace(actual)
  if (!isDeepStrictEqual([...places.keys()].sort(), [...actualPlaces.keys()].sort())) return false
  return [...places].every(([place, errors]) => isSameCause(place, errors, actualPlaces.get(place) ?? []))
}

function isSameCause(
  place: string,
  expected: readonly ComparableError[],
  actual: readonly ComparableError[],
): boolean {
  const wasPassedOn = [...expected, ...actual].some(({ path }) => path !== place)
  if (!wasPassedOn) return isDeepStrictEqual(expected, actual)
  // Those that both report.
  return expected.every((error) =>
    actual.every((other) => other.path !== error.path || isDeepStrictEqual(other, error)),
  )
}

/** Errors by the path of the null that they caused; their own path if there is none. */
function errorsByPlace({ data, errors }: ComparableResult): ReadonlyMap<string, readonly ComparableError[]> {
  const root: unknown = data === undefined ? undefined : JSON.parse(data)
  const places = new Map<string, ComparableError[]>()
  for (const error of errors) {
    const place = placeOf(JSON.parse(error.path), root)
    places.set(place, [...(places.get(place) ?? []), error])
  }
  return places
}

function placeOf(path: readonly (string | number)[] | null, root: unknown): string {
  let value = root
  for (const [depth, key] of (path ?? []).entries()) {
    if (value === null) return JSON.stringify(path?.slice(0, depth))
    value = Object(value)[key]
  }
  return JSON.stringify(path)
}

/**
 * Returns a function that calls `read` at the first call for an event object and returns the same result, or the same
 * error, to all later ones: each change is read once, however many subscribers it has. With `keyOf`, once for each key of
 * the contexts.
 */
export function oncePerEvent<Context, Event extends object, Result>(
  read: (context: Context, event: Event) => Result,
  keyOf: (context: Context) => string = () => '',
): (context: Context, event: Event) => Result {
  // Results are kept as long as their event, for subscribers that are slow to receive it.
  const results = new WeakMap<Event, Map<string, { readonly result: Result }>>()
  return (context, event) => {
    const byKey = results.get(event) ?? new Map<string, { readonly result: Result }>()
    results.set(event, byKey)
    const key = keyOf(context)
    const known = byKey.get(key)
    if (known) return known.result
    const result = read(context, event)
    byKey.set(key, { result })
    return result
  }
}

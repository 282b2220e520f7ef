/**
 * Returns a function that calls `read` at the first call for an event object and returns the same result, or the same
 * error, to all later ones: each change is read once, however many subscribers it has.
 */
export function oncePerEvent<Context, Event extends object, Result>(
  read: (context: Context, event: Event) => Result,
): (context: Context, event: Event) => Result {
  // Results are kept as long as their event, for subscribers that are slow to receive it.
  const results = new WeakMap<Event, { readonly result: Result }>()
  return (context, event) => {
    const known = results.get(event)
    if (known) return known.result
    const result = read(context, event)
    results.set(event, { result })
    return result
  }
}

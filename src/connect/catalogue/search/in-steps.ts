/**
 * Calls `work` for each item and yields to the event loop after every `stepSize` items, so that other requests are not
 * blocked while a large index is built.
 */
export async function inSteps<Item>(
  items: readonly Item[],
  stepSize: number,
  work: (item: Item, at: number) => void,
): Promise<void> {
  for (const [at, item] of items.entries()) {
    work(item, at)
    if (at % stepSize === stepSize - 1) await new Promise((resolve) => setImmediate(resolve))
  }
}

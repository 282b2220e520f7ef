import { resolve } from 'node:path'

/** What a sandbox says of itself, so that a second gateway on the same data finds it. */
export const identityOf = (dataFile: string | undefined, pagesUrl: string | undefined) => ({
  dataFile: dataFile === undefined ? null : resolve(dataFile),
  pagesUrl: pagesUrl ?? null,
})

export interface FoundSandbox {
  readonly url: URL
  /** Where its pages are served: at the gateway that runs it. */
  readonly pagesUrl: URL
}

/** The sandbox that another process already runs on this port over the same data; two of them would lose each other's state. */
export async function findSandbox(port: number, dataFile: string): Promise<FoundSandbox | null> {
  const url = new URL(`http://127.0.0.1:${port}`)
  try {
    const signal = AbortSignal.timeout(1_000)
    const answer: unknown = await (await fetch(new URL('/__sandbox/identity', url), { signal })).json()
    if (typeof answer !== 'object' || answer === null || !('dataFile' in answer && 'pagesUrl' in answer))
      return null
    if (answer.dataFile !== resolve(dataFile)) return null
    return { url, pagesUrl: typeof answer.pagesUrl === 'string' ? new URL(answer.pagesUrl) : url }
  } catch {
    // Nobody there, or somebody else: then the port search of our own sandbox has its say.
    return null
  }
}

import { resolve } from 'node:path'

/** The response of `/__sandbox/identity`: a second gateway with the same data file finds the running sandbox by it. */
export const identityOf = (dataFile: string | undefined, pagesUrl: string | undefined) => ({
  dataFile: dataFile === undefined ? null : resolve(dataFile),
  pagesUrl: pagesUrl ?? null,
})

export interface FoundSandbox {
  readonly url: URL
  /** Base URL of its hosted pages: the gateway that runs it serves them. */
  readonly pagesUrl: URL
}

/**
 * The sandbox that another process runs on this port with the same data file, or `null`. Two sandboxes with one file
 * would overwrite each other's state.
 */
export async function findSandbox(port: number, dataFile: string): Promise<FoundSandbox | null> {
  const url = new URL(`http://127.0.0.1:${port}`)
  try {
    // A port without a server refuses at once; a busy machine may need seconds.
    const signal = AbortSignal.timeout(5_000)
    const identity: unknown = await (await fetch(new URL('/__sandbox/identity', url), { signal })).json()
    if (
      typeof identity !== 'object' ||
      identity === null ||
      !('dataFile' in identity && 'pagesUrl' in identity)
    )
      return null
    if (identity.dataFile !== resolve(dataFile)) return null
    return { url, pagesUrl: typeof identity.pagesUrl === 'string' ? new URL(identity.pagesUrl) : url }
  } catch {
    // No server, or a different one: `startSandbox` then searches for a free port.
    return null
  }
}

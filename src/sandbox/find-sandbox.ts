import { resolve } from 'node:path'

/** What a sandbox says of itself, so that a second gateway on the same data finds it. */
export const identityOf = (dataFile: string | undefined) => ({
  dataFile: dataFile === undefined ? null : resolve(dataFile),
})

/** The sandbox that another process already runs on this port over the same data; two of them would lose each other's state. */
export async function findSandbox(port: number, dataFile: string): Promise<URL | null> {
  const url = new URL(`http://127.0.0.1:${port}`)
  try {
    const answer: unknown = await (
      await fetch(new URL('/__sandbox/identity', url), { signal: AbortSignal.timeout(1_000) })
    ).json()
    const found =
      typeof answer === 'object' && answer !== null && 'dataFile' in answer ? answer.dataFile : null
    return found === identityOf(dataFile).dataFile ? url : null
  } catch {
    // Nobody there, or somebody else: then the port search of our own sandbox has its say.
    return null
  }
}

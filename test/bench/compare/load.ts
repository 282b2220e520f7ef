import { Pool } from 'undici'

/** What a generator of load is sent, as a message from its parent process. */
export interface LoadRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent in turn; `{n}` is replaced with a number that is used once. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly seconds: number
}

/** Its answer. */
export interface LoadResult {
  readonly requests: number
  /** Answers with another status than 200, or with errors. */
  readonly failures: number
  readonly seconds: number
  readonly p99Ms: number
}

let numbers = 0

async function run({ url, headers, bodies, connections, seconds }: LoadRequest): Promise<LoadResult> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const times: number[] = []
  let failures = 0
  const start = performance.now()
  const end = start + seconds * 1000
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const startedAt = performance.now()
        numbers += 1
        const body = (bodies[numbers % bodies.length] ?? '').replaceAll('{n}', String(numbers))
        const response = await pool.request({ path: pathname, method: 'POST', headers, body })
        const text = await response.body.text()
        if (response.statusCode !== 200 || /"errors":|"code":/.test(text)) failures += 1
        times.push(performance.now() - startedAt)
      }
    }),
  )
  const elapsed = (performance.now() - start) / 1000
  await pool.close()
  const sorted = times.toSorted((a, b) => a - b)
  const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN
  return { requests: times.length, failures, seconds: elapsed, p99Ms }
}

process.on('message', (request: LoadRequest) => {
  run(request).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

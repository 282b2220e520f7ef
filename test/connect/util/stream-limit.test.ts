import { describe, expect, test } from 'vitest'
import { createStreamLimit } from '../../../src/connect/util/stream-limit.ts'

const limits = { perEndUser: 2, perNetwork: 3, perProcess: 5 }
const acquireMany = (limit: ReturnType<typeof createStreamLimit>, count: number, network?: string) =>
  Array.from({ length: count }, (_, index) => limit.acquire(`user-${index}`, network))

describe('the limit of streams', () => {
  test('is one of the end user, and a place that is freed twice is free once', () => {
    const limit = createStreamLimit(limits)
    const [first, second] = [limit.acquire('ada'), limit.acquire('ada')]
    expect(limit.acquire('ada')).toBeNull()
    expect(limit.acquire('bob')).not.toBeNull()
    first?.()
    first?.()
    expect(limit.acquire('ada')).not.toBeNull()
    expect(limit.acquire('ada')).toBeNull()
    second?.()
    expect(limit.acquire('ada')).not.toBeNull()
  })

  test('is one of the network, of streams without authentication only', () => {
    const limit = createStreamLimit(limits)
    const opened = acquireMany(limit, 4, '192.0.2.1')
    expect(opened.map((one) => one !== null)).toEqual([true, true, true, false])
    expect(limit.acquire('ada', '192.0.2.2')).not.toBeNull()
    expect(limit.acquire(null)).not.toBeNull()
  })

  test('is one of the process', () => {
    expect(acquireMany(createStreamLimit(limits), 6).map((one) => one !== null)).toEqual([
      ...Array(5).fill(true),
      false,
    ])
  })
})

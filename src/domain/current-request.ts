import { AsyncLocalStorage } from 'node:async_hooks'

// Not a parameter of each function: log lines are written many calls below the request.
const requestIds = new AsyncLocalStorage<string>()

/** Runs the work of a request, so that log lines of what it causes have its ID. */
export const withRequestId = <Result>(id: string, work: () => Result): Result => requestIds.run(id, work)

/** ID of the request that has caused the running work; `undefined`: none has. */
export const currentRequestId = (): string | undefined => requestIds.getStore()

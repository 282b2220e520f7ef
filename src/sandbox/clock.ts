/** Where the time comes from; tests inject one clock into gateway and sandbox alike. */
export interface Clock {
  now(): Date
}

/** The computer's own time. */
export const systemClock: Clock = { now: () => new Date() }

/** `clock` moved by an offset that may change while it runs: the control API moves the sandbox's time alone. */
export function shiftedClock(clock: Clock, offsetMs: () => number): Clock {
  return { now: () => new Date(clock.now().getTime() + offsetMs()) }
}

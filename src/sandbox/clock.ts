/** The source of the current time; tests inject one clock into the gateway and the sandbox. */
export interface Clock {
  now(): Date
}

/** The system clock. */
export const systemClock: Clock = { now: () => new Date() }

/** `clock` plus an offset that is read at each call: the control API advances the time of the sandbox only. */
export function shiftedClock(clock: Clock, offsetMs: () => number): Clock {
  return { now: () => new Date(clock.now().getTime() + offsetMs()) }
}

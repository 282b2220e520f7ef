/** A command was called wrongly or could not be carried out; the message says why, for the person at the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

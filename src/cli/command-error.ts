/** A command was called with invalid arguments or failed; the message is printed to the terminal. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

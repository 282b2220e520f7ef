import { OperatorError } from '../domain/errors.ts'
/** A command was called with invalid arguments or failed; the message is printed to the terminal. */
export class CommandError extends OperatorError {
  override readonly name = 'CommandError'
}

/** Exit codes of all commands, documented in README.md. Node.js exits with 130 and 143 after SIGINT and SIGTERM. */
export const exitCodes = {
  ok: 0,
  /** The command failed, or a check of `doctor`; the reason is on standard error. */
  failed: 1,
  /** The command line, or for `doctor` the environment, is invalid. */
  usage: 2,
  /** `link --wait`: how the link ended, unless it was completed. */
  linkFailed: 3,
  linkExpired: 4,
  linkRevoked: 5,
  linkSuperseded: 6,
  /** `link --wait`: the link was still open after `--timeout`. */
  timeout: 7,
} as const

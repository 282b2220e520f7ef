export interface JsonOption {
  readonly json?: true
}

export const jsonOption = ['--json', 'print the result as JSON'] as const

export interface Output {
  readonly isJson: boolean
  /** For the result: as text, or with --json the document on one line. */
  result(text: string, document: unknown): void
  /** For explanations beside the result, on standard error. */
  note(text: string): void
}

export const terminalOutput = ({ json = false }: { readonly json?: boolean }): Output => ({
  isJson: json,
  result: (text, document) => void process.stdout.write(`${json ? JSON.stringify(document) : text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
})

/** A line on standard error that is replaced by the next one; nothing is written if that is no terminal. */
export const progress = {
  show(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
  },
  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  },
}

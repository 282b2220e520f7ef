import { readdirSync } from 'node:fs'

/**
 * Runs one of the long scripts of this folder: `npm run endurance -- <name> [options]`. Exits with code 1 if the script
 * reports a violation.
 */
const scripts = readdirSync(new URL('./', import.meta.url))
  .filter((file) => file.endsWith('.js') && file !== 'run.js')
  .map((file) => file.slice(0, -3))

const [name = ''] = process.argv.slice(2)
if (scripts.includes(name)) {
  const { main } = (await import(new URL(`./${name}.js`, import.meta.url).href)) as Partial<Script>
  if (main === undefined) throw new Error(`${name} is not a script`)
  const violations = await main(process.argv.slice(3))
  for (const violation of violations) console.log(`VIOLATION: ${violation}`)
  console.log(violations.length === 0 ? 'no violation' : `${violations.length} violations`)
  process.exit(violations.length === 0 ? 0 : 1)
} else {
  console.error(
    'Usage: npm run endurance -- chaos | soak | … [options]; see the first comment of each script',
  )
  process.exitCode = 2
}

interface Script {
  /** Returns the violations of what the script checks; none means success. */
  main(args: readonly string[]): Promise<readonly string[]>
}

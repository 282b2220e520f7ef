import { readFileSync } from 'node:fs'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const section = /\n## Frontend\n(.*?)\n## /s.exec(readme)?.[1]

/** The code block of that language in the section "Frontend" of the README. */
export function codeOf(language: 'js' | 'html' | 'tsx'): string {
  const [, code] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(section ?? '') ?? []
  if (code === undefined) throw new Error(`the README has no ${language} block`)
  return code
}

/** The addresses in the README. */
export const readmeGateway = 'http://127.0.0.1:4000'
export const readmePort = '3000'

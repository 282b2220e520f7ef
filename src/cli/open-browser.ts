import { spawn } from 'node:child_process'
import { parseUrl } from '../domain/parse-url.ts'
import type { Output } from './output.ts'

/** The programs that open a URL. None of them is a shell, which would interpret parts of the URL. */
const programs: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens a URL in the browser; notes that it could not be opened, for example because there is no desktop. */
export function openBrowser(url: string, output: Pick<Output, 'note'>): Promise<void> {
  // Of any other scheme, the program might open a file or another application.
  if (!/^https?:$/.test(parseUrl(url)?.protocol ?? '')) {
    output.note('The link is no web address: it was not opened.')
    return Promise.resolve()
  }
  const [program, ...args] = programs[process.platform] ?? ['xdg-open']
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    child.once('error', () => {
      output.note(`The browser could not be opened with ${program}: open the link yourself.`)
      resolve()
    })
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

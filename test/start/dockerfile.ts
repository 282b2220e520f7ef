import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const textOf = (name: string) => readFileSync(join(root, name), 'utf8')

interface Instruction {
  readonly name: string
  readonly text: string
}

/** The stages of the Dockerfile, by alias or number. */
export function readStages(): ReadonlyMap<string, readonly Instruction[]> {
  const stages = new Map<string, Instruction[]>()
  let stage: Instruction[] = []
  for (const line of textOf('Dockerfile').split('\n')) {
    const [, name = '', text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (name === 'FROM') {
      stage = []
      stages.set(/ AS (\w+)$/.exec(text)?.[1] ?? String(stages.size), stage)
    }
    if (name !== '') stage.push({ name, text })
  }
  return stages
}

/** The text of an instruction that a stage has once. */
export function textOfOnly(stage: readonly Instruction[], name: string): string {
  const [found, ...others] = stage.filter((instruction) => instruction.name === name)
  if (found === undefined || others.length > 0) throw new Error(`not one ${name}`)
  return found.text
}

/** Variables of ENV. */
export const environmentOf = (stage: readonly Instruction[]): Record<string, string> =>
  Object.fromEntries(
    [...textOfOnly(stage, 'ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  )

/**
 * Executes the stages in folders in place of containers, with the Node.js of this machine in place of the image's: COPY
 * copies, RUN runs. Returns the working directory of the last stage, whose name does not differ from that in the image.
 */
export async function buildStages(folder: string): Promise<string> {
  const ignored = textOf('.dockerignore')
  let workingDirectory = ''
  for (const [alias, stage] of readStages()) {
    const stageRoot = join(folder, alias)
    workingDirectory = join(stageRoot, textOfOnly(stage, 'WORKDIR'))
    mkdirSync(workingDirectory, { recursive: true })
    for (const { name, text } of stage) {
      if (name === 'RUN') await promisify(execFile)('sh', ['-c', text], { cwd: workingDirectory })
      if (name !== 'COPY') continue
      const from = /^--from=(\w+) /.exec(text)?.[1]
      const words = text.split(' ').filter((word) => !word.startsWith('--'))
      const target = words.pop() ?? ''
      for (const source of words) {
        if (from === undefined && !ignored.split('\n').includes(`!${source}`))
          throw new Error(`.dockerignore excludes ${source}`)
        const path = from === undefined ? join(root, source) : join(folder, from, source)
        const to = target.endsWith('/')
          ? join(workingDirectory, target, basename(source))
          : join(workingDirectory, target)
        if (!existsSync(path)) throw new Error(`COPY finds no ${source}`)
        cpSync(path, to, { recursive: true })
      }
    }
  }
  return workingDirectory
}

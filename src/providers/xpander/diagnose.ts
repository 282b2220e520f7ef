import type { RequestContext } from '../../http/http-types.ts'
import type { Diagnosis } from '../adapter.ts'
import { type Connectors, unchanged } from './connectors.ts'
import { type Families, type FamilyName, UnknownPathError } from './families.ts'

interface FamilyInUse {
  readonly connectors: Connectors
  readonly families: Families
  readonly setting: FamilyName | undefined
}

/** Reads a page of connectors: only a call shows whether the organization's API has the paths of a family. */
export async function diagnoseFamily(
  { connectors, families, setting }: FamilyInUse,
  call: RequestContext,
): Promise<Diagnosis> {
  const check = 'API version'
  try {
    for await (const _ of connectors.all(unchanged, call)) break
  } catch (error) {
    if (!(error instanceof UnknownPathError)) throw error
    return { check, status: 'FAIL', message: error.message }
  }
  if (setting === undefined && families.selected() === 'connectors')
    return {
      check,
      status: 'WARN',
      message:
        'The API has no /v1/tools, so that each start tries it first: set XPANDER_API_FAMILY=connectors.',
    }
  return { check, status: 'PASS', message: `The paths /v1/${families.selected()} are used.` }
}

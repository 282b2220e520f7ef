import { expect, test } from 'vitest'
import { openConnect } from '../open.ts'
import { connector } from '../script.ts'

test.each([
  ['https://cdn.example/logo.png', 'https://cdn.example/logo.png'],
  ['http://127.0.0.1:4010/fivetran/icons/github', 'http://127.0.0.1:4010/fivetran/icons/github'],
  ['http://cdn.example/logo.png', null],
  ['javascript:alert(1)', null],
  ['data:image/svg+xml,<svg onload="alert(1)"/>', null],
  ['/logo.png', null],
  [null, null],
])('the catalogue lists the URL %s as %s', async (url, expected) => {
  const opened = await openConnect()
  opened.script.connectors = async function* () {
    yield [connector('hubspot', { logoUrl: url, docsUrl: url })]
  }
  await opened.context.connectorSyncs.ensureFresh(30_000)
  expect(opened.context.catalogue.all()).toMatchObject([{ logoUrl: expected, docsUrl: expected }])
})

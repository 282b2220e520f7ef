import { expect, test } from 'vitest'
import { providerKeys } from '../../../src/domain/provider-key.ts'
import { openGateway } from '../../connect/gateway.ts'
import { approveAndReturn, submitProviderPage } from '../../helpers/gateway.ts'
import { openMcpClient } from './client.ts'

const env = { MCP: 'on' }
const endUser = { id: 'user-1', name: 'Ada Lovelace' }

test('the official client lists and calls every tool', async () => {
  const gateway = await openGateway({ env })
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  const { client, names, call } = await openMcpClient(gateway)
  expect(client.getServerVersion()).toMatchObject({ name: 'connect-gateway' })
  expect(await names()).toEqual([
    'search_applications',
    'create_connect_link',
    'get_connect_link',
    'list_connections',
    'reconnect_connection',
    'disconnect_connection',
  ])

  const found = await call('search_applications', { search: 'hubspot', first: 3 })
  expect(found.value.nodes[0]).toMatchObject({ slug: 'hubspot' })
  expect(JSON.parse(found.text)).toEqual(found.value)

  const created = await call('create_connect_link', {
    provider: 'PIPEDREAM',
    input: { connector: 'github', endUser },
  })
  const { id, url, status } = created.value.connectLink
  expect([created.isError, status]).toEqual([false, 'CREATED'])
  expect(created.text).toContain(`open this URL in a browser: ${url} `)
  expect(created.text).toContain(`get_connect_link and the id ${id}.`)
  await approveAndReturn(url)
  const read = await call('get_connect_link', { id })
  expect(read.value).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
  expect(read.text).toContain('The connection is ready.')

  const listed = await call('list_connections', { filter: { endUserId: 'user-1' } })
  const connectionId = read.value.connection.id
  expect(listed.value.nodes).toMatchObject([{ id: connectionId, endUser: { id: 'user-1' } }])

  const again = await call('reconnect_connection', { id: connectionId })
  expect(again.value.connectLink).toMatchObject({ purpose: 'RECONNECT', connection: { id: connectionId } })
  await submitProviderPage(again.value.connectLink.url, 'approve')

  const removed = await call('disconnect_connection', { id: connectionId })
  expect(removed.value).toMatchObject({ connection: { id: connectionId, status: 'DISCONNECTED' } })
})

test('tools have schemas and hints', async () => {
  const gateway = await openGateway({ env: { ...env, SANDBOX: 'off' } })
  const { client } = await openMcpClient(gateway)
  const { tools } = await client.listTools()
  expect(
    tools.filter(({ annotations }) => annotations?.destructiveHint !== false).map(({ name }) => name),
  ).toEqual(['disconnect_connection'])
  expect(tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name)).toEqual([
    'search_applications',
    'get_connect_link',
    'list_connections',
  ])
  for (const { title, description } of tools)
    expect([title, description]).toEqual([expect.any(String), expect.any(String)])
  const [search, create] = tools
  expect(search?.inputSchema).toMatchObject({
    additionalProperties: false,
    required: [],
    properties: {
      linkableOnly: { type: 'boolean' },
      first: { type: 'integer', description: expect.any(String) },
    },
  })
  expect(create?.inputSchema).toMatchObject({
    required: ['input'],
    properties: {
      provider: { enum: [...providerKeys].sort() },
      input: {
        required: ['connector'],
        properties: {
          endUser: { required: ['id'], properties: { organization: { type: 'object' } } },
          tags: { type: 'array', items: { type: 'object', required: ['key', 'value'] } },
          redirectUri: { type: 'string', format: 'uri' },
        },
      },
    },
  })
  expect(JSON.stringify(create)).not.toMatch(/pipedream"|branding/)
})

test('errors have code and message', async () => {
  const gateway = await openGateway({ env })
  const { client, call } = await openMcpClient(gateway)
  for (const [name, args, code] of [
    ['create_connect_link', { input: { connector: 'github' }, provider: 'PIPEDREAM' }, 'INVALID_INPUT'],
    ['create_connect_link', { input: { connector: 'none', endUser } }, 'NOT_FOUND'],
    ['create_connect_link', {}, 'BAD_USER_INPUT'],
    ['create_connect_link', { input: 'secret-value' }, 'BAD_USER_INPUT'],
    ['get_connect_link', { id: 'none' }, 'NOT_FOUND'],
    ['get_connect_link', { id: 'none', secret: 'secret-value' }, 'BAD_USER_INPUT'],
    ['disconnect_connection', { id: 'none' }, 'NOT_FOUND'],
    ['reconnect_connection', { id: 'none' }, 'NOT_FOUND'],
    ['list_connections', { filter: { statuses: ['secret-value'] } }, 'BAD_USER_INPUT'],
    ['list_connections', { first: 100_000 }, 'BAD_USER_INPUT'],
  ] as const) {
    const { isError, text, value } = await call(name, args)
    expect([name, isError, value.code]).toEqual([name, true, code])
    expect(text).toContain(`${code}: ${value.message}`)
    expect(text).not.toContain('secret-value')
  }
  const { value, text } = await call('create_connect_link', { input: { connector: 'github' } })
  expect(value.issues).toMatchObject([{ path: ['input', 'endUser'] }])
  expect(text).toContain('"endUser"')
  await expect(client.callTool({ name: 'drop_tables' })).rejects.toThrow('There is no such tool')
  await expect(client.listPrompts()).rejects.toThrow()
})

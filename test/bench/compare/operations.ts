/** One operation of the comparison. `{n}` in the variables is another number in each request. */
export interface Operation {
  readonly name: string
  readonly title: string
  readonly query: string
  /** The requests take turns with these. */
  readonly variables: readonly object[]
  /** Whether the limit program has it, and answers with the same data. */
  readonly limit: 'same data' | 'other identifiers' | 'none'
}

const fields = 'id direction connectorKey name status remoteId createdAt updatedAt'
const fieldsWithParents =
  'id provider { id key name } connector { id name categories } name status remoteId createdAt updatedAt'
const page = (provider: string, nodes: string) =>
  `connections(first: 100, filter: { providers: [${provider}] }) { nodes { ${nodes} } }`

const searches = [
  'hubspot',
  'google sheets',
  'gsheets',
  'sales force',
  'connect my stripe account',
  'postgres',
  'ga4',
  'bing ads',
  'git hub',
  'facebok ads',
  'snowflake',
  'intercom',
]

/** The operations of the comparison; `connectionIds` are global IDs of connections. */
export const operationsOn = (connectionIds: readonly string[]): readonly Operation[] => [
  {
    name: 'Q1',
    title: 'one connection',
    query: `query Q1($id: ID!) { node(id: $id) { ... on Connection { ${fields} } } }`,
    variables: connectionIds.map((id) => ({ id })),
    limit: 'same data',
  },
  {
    name: 'Q100',
    title: 'a page of 100',
    query: `query Q100 { ${page('FIVETRAN', fields)} }`,
    variables: [{}],
    limit: 'same data',
  },
  {
    name: 'QA',
    title: '4 pages of 100 with provider and connector',
    query: `query QA { ${['FIVETRAN', 'CENSUS', 'PIPEDREAM', 'XPANDER']
      .map((provider) => `${provider.toLowerCase()}: ${page(provider, fieldsWithParents)}`)
      .join(' ')} }`,
    variables: [{}],
    limit: 'same data',
  },
  {
    name: 'S',
    title: 'connector search',
    query: `query S($search: String!) { connectors(search: $search, first: 20) {
      totalCount nodes { id key name provider { key } logoUrl categories }
    } }`,
    variables: searches.map((search) => ({ search })),
    limit: 'none',
  },
  // Last: the gateway polls the links that it creates, also while it is measured with the other operations.
  {
    name: 'M',
    title: 'createConnectLink',
    query: `mutation M($input: CreateConnectLinkInput!) { createConnectLink(provider: CENSUS, input: $input) {
      ... on CreateConnectLinkPayload { connectLink { id status url expiresAt connectorKey } } ... on Error { code message }
    } }`,
    variables: [
      {
        input: {
          connector: 'hubspot',
          endUser: { id: 'user-{n}' },
          redirectUri: 'https://app.example.com/return?user={n}',
        },
      },
    ],
    limit: 'other identifiers',
  },
]

import { createHash } from 'node:crypto'

/** A connector of the sandbox's xpander catalogue. */
export interface XpanderConnector {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Known to the sandbox alone: xpander's catalogue never says how a connector authenticates. */
  readonly scheme: 'oauth2' | 'apiKey' | 'none'
  readonly operations: number
  /** `ready` can be connected; anything else is still being worked on. */
  readonly status: string
  /**
   * How the answer to a successful connect differs from a plain 200, where the documentation allows more than
   * one reading: `merged` has a connection's fields and the OAuth fields together, `created` is a 201.
   */
  readonly oddity: 'merged' | 'created' | undefined
}

// name|auth scheme|operations|description|status (empty: ready)|oddity
const rows = `
ActiveCampaign|apiKey|118|Marketing automation and contacts
Airtable|oauth2|37|Bases, tables and records
Algolia|apiKey|64|Hosted search indexes
Amplitude|apiKey|22|Product analytics events
Apollo.io|apiKey|41|Prospects and sequences
Asana|oauth2|167|Tasks, projects and portfolios
Attio|oauth2|53|Flexible CRM records
Auth0|apiKey|221|Users, roles and tenants
AWS S3|apiKey|96|Buckets and objects
BambooHR|apiKey|74|People records and time off
Bitbucket|oauth2|184|Repositories and pull requests
Box|oauth2|258|Files and folders
Brevo|apiKey|139|Email and SMS campaigns
Calendly|oauth2|29|Event types and bookings
Chargebee|apiKey|203|Subscriptions and invoices
ClickUp|oauth2|135|Tasks, docs and goals
Cloudflare|apiKey|412|Zones, DNS and workers
Coda|apiKey|62|Documents with tables
Confluence|oauth2|131|Spaces and pages
Customer.io|apiKey|77|Messages driven by behaviour
Datadog|apiKey|389|Metrics, monitors and logs
DeepL|apiKey|12|Machine translation
Discord|oauth2|169|Guilds, channels and messages
DocuSign|oauth2|402|Envelopes and signatures
Dropbox|oauth2|83|Files and sharing
Elasticsearch|apiKey|480|Search and indexes
Figma|oauth2|38|Files, comments and components
Freshdesk|apiKey|114|Support tickets
Front|oauth2|142|Shared inboxes
GitHub|oauth2|903|Repositories, issues and actions
GitLab|oauth2|811|Projects, pipelines and merge requests
Gmail|oauth2|79|Mail, threads and labels
Google Analytics|oauth2|34|Properties and reports
Google Calendar|oauth2|37|Calendars and events
Google Docs|oauth2|5|Documents||merged
Google Drive|oauth2|57|Files and permissions
Google Sheets|oauth2|17|Spreadsheets and values
Gong|apiKey|48|Recorded sales calls
Hacker News|none|9|Stories and comments
Help Scout|oauth2|88|Conversations and customers
HubSpot|oauth2|346|Contacts, companies and deals
Intercom|oauth2|107|Customer conversations
Jira|oauth2|498|Issues, boards and sprints
Klaviyo|apiKey|208|Profiles, lists and campaigns
LaunchDarkly|apiKey|178|Feature flags
Linear|oauth2|71|Issues and cycles
LinkedIn|oauth2|43|Profiles and posts
Mailchimp|oauth2|263|Audiences and campaigns
Microsoft Outlook|oauth2|126|Mail and calendars
Microsoft Teams|oauth2|152|Chats, channels and meetings
Mixpanel|apiKey|46|Event analytics
monday.com|oauth2|58|Boards and items
Notion|oauth2|21|Pages, blocks and databases
NASA Open Data|none|14|Pictures and near-earth objects
Okta|apiKey|371|Users, groups and apps
OpenAI|apiKey|99|Models, files and completions
PagerDuty|apiKey|294|Incidents and schedules
Pipedrive|oauth2|272|Deals and activities
PostHog|apiKey|187|Product analytics and flags
QuickBooks|oauth2|120|Invoices, bills and customers
Reddit|oauth2|93|Subreddits, posts and comments
Salesforce|oauth2|289|Accounts, leads and opportunities
Segment|apiKey|101|Sources and destinations
SendGrid|apiKey|337|Transactional email
Sentry|apiKey|124|Errors and releases
ServiceNow|apiKey|156|Incidents and change requests
Shopify|oauth2|265|Products, orders and customers
Slack|oauth2|174|Channels, messages and users
Snowflake|apiKey|33|Statements and warehouses
Stripe|apiKey|452|Payments, customers and invoices
Telegram|apiKey|84|Bots and chats
Trello|oauth2|256|Boards, lists and cards
Twilio|apiKey|197|Messages and calls||created
Typeform|oauth2|31|Forms and responses
Webflow|oauth2|92|Sites and collections
WooCommerce|apiKey|110|Products and orders
Workday|oauth2|67|Workers and absence|pending
X|oauth2|80|Posts, users and lists
Xero|oauth2|235|Contacts, invoices and payments
YouTube|oauth2|76|Videos, channels and playlists
Zendesk|oauth2|423|Tickets, users and views
Zoho CRM|oauth2|145|Leads, contacts and deals
Zoom|oauth2|304|Meetings, webinars and recordings
`

/** Every connector of the sandbox, by name. */
export const xpanderConnectors: readonly XpanderConnector[] = rows.trim().split('\n').map(parseRow)

/** A uuid that is the same on every machine for the same words. */
export function stableUuid(words: string): string {
  const hex = createHash('sha1').update(words).digest('hex')
  // Version 5 and variant bits, as RFC 9562 asks of uuids made from a hash.
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}

function parseRow(row: string): XpanderConnector {
  const [name = '', scheme, operations, description = '', status, oddity] = row.split('|')
  return {
    id: stableUuid(`xpander connector ${name}`),
    name,
    description,
    scheme: scheme === 'oauth2' || scheme === 'apiKey' ? scheme : 'none',
    operations: Number(operations),
    status: status === undefined || status === '' ? 'ready' : status,
    oddity: oddity === 'merged' || oddity === 'created' ? oddity : undefined,
  }
}

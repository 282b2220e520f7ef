/** An app of the sandbox's Pipedream catalogue. */
export interface PipedreamApp {
  /** `name_slug`: what joins accounts to apps, since ids of one app differ from place to place. */
  readonly slug: string
  readonly name: string
  readonly authType: 'oauth' | 'keys' | 'none'
  readonly category: string
  readonly featuredWeight: number
  readonly description: string
}

// name_slug|name|auth_type|category|featured_weight|description
// Slugs as on pipedream.com/apps; weights only order the list, descriptions are ours.
const rows = `
slack_v2|Slack|oauth|Communication|1000000100|Channels and direct messages for teams
google_sheets|Google Sheets|oauth|Productivity|1000000098|Online spreadsheets
gmail|Gmail|oauth|Communication|1000000096|Mail by Google
google_calendar|Google Calendar|oauth|Productivity|1000000094|Shared calendars
google_drive|Google Drive|oauth|File Storage|1000000092|Files in the cloud
notion|Notion|oauth|Productivity|1000000090|Notes, wikis and databases
openai|OpenAI (ChatGPT)|keys|Artificial Intelligence (AI)|1000000088|Language and image models
hubspot|HubSpot|oauth|CRM|1000000086|CRM with marketing and service hubs
airtable_oauth|Airtable|oauth|Productivity|1000000084|Spreadsheet-like database
salesforce_rest_api|Salesforce|oauth|CRM|1000000082|CRM for large sales teams
github|GitHub|oauth|Developer Tools|1000000080|Git hosting and code review
stripe|Stripe|keys|Payment Processing|1000000078|Online payments
discord|Discord|oauth|Communication|1000000076|Voice and chat communities
microsoft_outlook|Microsoft Outlook|oauth|Communication|1000000074|Mail by Microsoft
microsoft_teams|Microsoft Teams|oauth|Communication|1000000072|Chat and meetings at work
jira|Jira|oauth|Developer Tools|1000000070|Issues and sprints
linear_app|Linear (API key)|keys|Developer Tools|1000000068|Issue tracking with a personal key
linear|Linear|oauth|Developer Tools|1000000066|Issue tracking for software teams
asana|Asana|oauth|Productivity|1000000064|Tasks and projects
trello|Trello|oauth|Productivity|1000000062|Kanban boards
zendesk|Zendesk|oauth|Customer Support|1000000060|Support tickets
intercom|Intercom|oauth|Customer Support|1000000058|Customer messaging
shopify|Shopify|oauth|E-commerce|1000000056|Online shops
mailchimp|Mailchimp|oauth|Marketing|1000000054|Email campaigns and audiences
sendgrid|Twilio SendGrid|keys|Marketing|1000000052|Transactional email
twilio|Twilio|keys|Communication|1000000050|SMS and voice
telegram_bot_api|Telegram|keys|Communication|1000000048|Bots for Telegram
dropbox|Dropbox|oauth|File Storage|1000000046|File sync and sharing
zoom|Zoom|oauth|Communication|1000000044|Video meetings
quickbooks|QuickBooks|oauth|Accounting|1000000042|Bookkeeping for small companies
slack|Slack (legacy)|oauth|Communication|9800|The older Slack app
slack_bot|Slack Bot|keys|Communication|9700|Slack through your own bot token
google_docs|Google Docs|oauth|Productivity|9600|Online documents
google_slides|Google Slides|oauth|Productivity|9500|Online presentations
google_forms|Google Forms|oauth|Surveys & Forms|9400|Online forms
google_contacts|Google Contacts|oauth|Productivity|9300|Address book
google_tasks|Google Tasks|oauth|Productivity|9200|To-do lists
google_analytics|Google Analytics|oauth|Analytics|9100|Website statistics
google_ads|Google Ads|oauth|Advertising|9000|Search and display advertising
google_cloud|Google Cloud|keys|Infrastructure & Cloud|8900|Google's cloud with a service account
google_gemini|Google Gemini|keys|Artificial Intelligence (AI)|8800|Google's language models
google_my_business|Google Business Profile|oauth|Marketing|8700|Listings on Google Maps
youtube_data_api|YouTube|oauth|Social Media|8600|Videos, channels and playlists
anthropic|Anthropic (Claude)|keys|Artificial Intelligence (AI)|8500|Claude language models
perplexity|Perplexity|keys|Artificial Intelligence (AI)|8400|Answers with sources
hugging_face|Hugging Face|keys|Artificial Intelligence (AI)|8300|Hosted open models
elevenlabs|ElevenLabs|keys|Artificial Intelligence (AI)|8200|Speech synthesis
deepl|DeepL|keys|Artificial Intelligence (AI)|8100|Machine translation
pinecone|Pinecone|keys|Databases|8000|Vector search
discord_bot|Discord Bot|keys|Communication|7900|Discord through your own bot
discord_webhook|Discord Webhook|oauth|Communication|7800|Posting to one Discord channel
confluence|Confluence|oauth|Productivity|7700|Team documentation
shopify_developer_app|Shopify Developer App|keys|E-commerce|7600|Shopify through a custom app
mailgun|Mailgun|keys|Marketing|7500|Email sending service
sendinblue|Brevo|keys|Marketing|7400|Email and SMS campaigns
klaviyo|Klaviyo|keys|Marketing|7300|Marketing for online shops
activecampaign|ActiveCampaign|keys|Marketing|7200|Marketing automation
convertkit|Kit|keys|Marketing|7100|Newsletters for creators
customer_io|Customer.io|keys|Marketing|7000|Behaviour-driven messages
box|Box|oauth|File Storage|6900|Content management
microsoft_onedrive|Microsoft OneDrive|oauth|File Storage|6800|Microsoft's file storage
microsoft_excel|Microsoft Excel|oauth|Productivity|6700|Workbooks in OneDrive
microsoft_outlook_calendar|Microsoft Outlook Calendar|oauth|Productivity|6600|Calendars of Microsoft 365
microsoft_dynamics_365_sales|Microsoft Dynamics 365 Sales|oauth|CRM|6500|Microsoft's CRM
sharepoint|SharePoint|oauth|File Storage|6400|Sites and document libraries
xero_accounting_api|Xero Accounting|oauth|Accounting|6300|Online accounting
freshbooks|FreshBooks|oauth|Accounting|6200|Invoices and time
zoho_books|Zoho Books|oauth|Accounting|6100|Accounting by Zoho
zoho_crm|Zoho CRM|oauth|CRM|6000|CRM by Zoho
pipedrive|Pipedrive|oauth|CRM|5900|Deals and pipelines
attio|Attio|oauth|CRM|5800|A flexible CRM
close|Close|oauth|CRM|5700|CRM for inside sales
copper|Copper|keys|CRM|5600|CRM inside Google Workspace
apollo_io|Apollo.io|keys|Sales|5500|Prospect data
hunter|Hunter|keys|Sales|5400|Finding email addresses
postgresql|PostgreSQL|keys|Databases|5300|Relational database
mysql|MySQL|keys|Databases|5200|Relational database
mongodb|MongoDB|keys|Databases|5100|Document database
snowflake|Snowflake|keys|Databases|5000|Cloud data warehouse
supabase|Supabase|keys|Databases|4900|Hosted PostgreSQL and auth
redis|Redis|keys|Databases|4800|In-memory data store
aws|AWS|keys|Infrastructure & Cloud|4700|Amazon's cloud
heroku|Heroku|oauth|Infrastructure & Cloud|4600|Application hosting
netlify|Netlify|oauth|Infrastructure & Cloud|4500|Hosting for web sites
vercel_token_auth|Vercel|keys|Infrastructure & Cloud|4400|Hosting for front ends
cloudflare_api_key|Cloudflare|keys|Infrastructure & Cloud|4300|DNS and edge network
digital_ocean|DigitalOcean|oauth|Infrastructure & Cloud|4200|Virtual servers
linkedin|LinkedIn|oauth|Social Media|4100|Professional network
facebook_pages|Facebook Pages|oauth|Social Media|4000|Posts and comments of pages
instagram_business|Instagram for Business|oauth|Social Media|3900|Business profiles on Instagram
twitter|X (Twitter)|oauth|Social Media|3800|Short posts
reddit|Reddit|oauth|Social Media|3700|Communities and links
pinterest|Pinterest|oauth|Social Media|3600|Boards and pins
calendly_v2|Calendly|oauth|Productivity|3500|Booking appointments
typeform|Typeform|oauth|Surveys & Forms|3400|Conversational forms
jotform|Jotform|keys|Surveys & Forms|3300|Form builder
webflow|Webflow|oauth|Content Management|3200|Visual site builder
wordpress_org|WordPress.org|keys|Content Management|3100|Self-hosted WordPress
wordpress_com|WordPress.com|oauth|Content Management|3000|Hosted WordPress
clickup|ClickUp|oauth|Productivity|2900|Tasks, docs and goals
monday|monday.com|oauth|Productivity|2800|Work boards
todoist|Todoist|oauth|Productivity|2700|Personal task lists
coda|Coda|keys|Productivity|2600|Documents with tables
basecamp|Basecamp|oauth|Productivity|2500|Projects and message boards
wrike|Wrike|oauth|Productivity|2400|Work management
smartsheet|Smartsheet|oauth|Productivity|2300|Sheets for projects
miro|Miro|oauth|Productivity|2200|Online whiteboard
figma|Figma|oauth|Design|2100|Interface design
docusign|DocuSign|oauth|Productivity|2000|Electronic signatures
pandadoc|PandaDoc|keys|Productivity|1900|Proposals and contracts
gitlab|GitLab|oauth|Developer Tools|1800|Git hosting with CI
bitbucket|Bitbucket|oauth|Developer Tools|1700|Git hosting by Atlassian
sentry|Sentry|keys|Developer Tools|1600|Error tracking
datadog|Datadog|keys|Developer Tools|1500|Monitoring
pagerduty|PagerDuty|oauth|Developer Tools|1400|On-call alerts
posthog|PostHog|keys|Analytics|1300|Product analytics
mixpanel|Mixpanel|keys|Analytics|1200|Event analytics
segment|Twilio Segment|keys|Analytics|1100|Customer data pipeline
algolia|Algolia|keys|Developer Tools|1000|Hosted search
freshdesk|Freshdesk|keys|Customer Support|900|Help desk
help_scout|Help Scout|oauth|Customer Support|800|Shared inbox
front|Front|oauth|Customer Support|700|Shared inbox and routing
gorgias_oauth|Gorgias|oauth|Customer Support|600|Help desk for shops
square|Square|oauth|Payment Processing|500|Point of sale
chargebee|Chargebee|keys|Payment Processing|400|Subscription billing
woocommerce|WooCommerce|keys|E-commerce|300|Shops on WordPress
bigcommerce|BigCommerce|keys|E-commerce|200|Hosted shops
bamboohr|BambooHR|keys|Human Resources|100|People records
spotify|Spotify|oauth|Entertainment|90|Music and playlists
strava|Strava|oauth|Entertainment|80|Runs and rides
openweather_api|OpenWeather|keys|Other|70|Forecasts
rss|RSS|none|Other|60|Feeds without an account
hacker_news|Hacker News|none|Other|50|Links and comments
`

/** Every app of the sandbox, most featured first. */
export const pipedreamApps: readonly PipedreamApp[] = rows.trim().split('\n').map(parseRow)

function parseRow(row: string): PipedreamApp {
  const [slug = '', name = slug, authType, category = 'Other', weight, description = ''] = row.split('|')
  return {
    slug,
    name,
    authType: authType === 'oauth' || authType === 'keys' ? authType : 'none',
    category,
    featuredWeight: Number(weight),
    description,
  }
}

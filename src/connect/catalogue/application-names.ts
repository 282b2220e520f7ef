/** Other names of an application, where its name alone does not identify all connectors for it. */
export interface ApplicationName {
  readonly name: string
  /** Names under which providers offer the same application: a connector with one of them belongs to it. */
  readonly aliases: readonly string[]
  /** Abbreviations and former names that users type. Used for search only, never to identify an application. */
  readonly searchAliases: readonly string[]
}

// name|aliases|search aliases. Names that differ only in case, spaces or punctuation are equal without an entry.
// An alias always means the same product with the same account: the name with the vendor's name before or after it, a
// former name of the product, or a name without the edition where only one edition exists.
const rows = `
ActiveCampaign||active camp
Adobe Commerce||magento, magento 2
Adobe Workfront|Workfront
Amazon Athena|AWS Athena|athena
Amazon DynamoDB|AWS DynamoDB, DynamoDB|ddb
Amazon EventBridge|AWS EventBridge, EventBridge
Amazon Kinesis|AWS Kinesis, Kinesis
Amazon Redshift|AWS Redshift, Redshift
Amazon S3|AWS S3|s3, simple storage service
Amazon Selling Partner||amazon seller central, sp api
Anthropic Claude|Anthropic, Anthropic (Claude)|claude
Apache Kafka|Kafka
Apollo.io|Apollo
Apple App Store Connect|App Store Connect|itunes connect, asc
Apple Search Ads||asa
AWS|Amazon Web Services
AWS Lambda|Amazon Lambda
Azure Blob Storage|Microsoft Azure Blob Storage
Azure DevOps|Microsoft Azure DevOps|ado, vsts, tfs
Brevo|Sendinblue
Ceridian Dayforce|Dayforce
CockroachDB||crdb
Concur|SAP Concur
Customer.io||cio
dbt Cloud||dbt
Dropbox Sign|HelloSign
Facebook Ads|Meta Ads|fb ads, facebook marketing
Facebook Pages||fb pages
GitHub||gh
GitLab||gl
Gmail|Google Mail
GoFundMe Pro||classy
Gong|Gong.io
Google Ad Manager||gam, dfp, doubleclick for publishers
Google Ads|Google AdWords|gads, adwords
Google Analytics 4|Google Analytics|ga4, ga
Google BigQuery|BigQuery|bq, gbq
Google Business Profile|Google My Business|gmb, gbp
Google Calendar||gcal
Google Campaign Manager 360||cm360, dcm
Google Cloud|Google Cloud Platform|gcp
Google Cloud Storage||gcs
Google Display & Video 360|Display & Video 360
Google Docs||gdocs, gdoc
Google Drive||gdrive
Google Forms||gforms
Google Search Ads 360||sa360
Google Search Console||gsc, google webmaster tools
Google Sheets||gsheets, gsheet, google spreadsheets
Google Slides||gslides
HighLevel|GoHighLevel|ghl
HubSpot||hs
Instagram Business|Instagram for Business|ig business
Jira||jira software, jira cloud
Kit|ConvertKit
LinkedIn Ads||li ads
Mailchimp Transactional|Mailchimp Transactional (Mandrill), Mandrill
Maxio Chargify|Chargify
Microsoft Advertising|Bing Ads, Microsoft Ads
Microsoft Dynamics 365|Dynamics 365|d365, dynamics crm
Microsoft Dynamics 365 Business Central|Business Central
Microsoft Excel|Excel
Microsoft OneDrive|OneDrive
Microsoft Outlook|Outlook
Microsoft Outlook Calendar|Outlook Calendar
Microsoft Power BI|Power BI|pbi
Microsoft SharePoint|SharePoint
Microsoft SQL Server|SQL Server|mssql
Microsoft Teams||teams
MNTN||mountain
monday.com|monday
MongoDB|Mongo
NetSuite SuiteAnalytics||netsuite
NICE CXone||incontact
OpenAI|OpenAI (ChatGPT)|chatgpt, gpt
Opsgenie|Atlassian Opsgenie
Oracle Database|Oracle
Oracle Eloqua|Eloqua
Oracle Responsys|Responsys
PostgreSQL|Postgres|pg, psql
QuickBooks|QuickBooks Online|qbo, qb
Salesforce||sfdc, sf, sales cloud
Salesforce Account Engagement|Salesforce Account Engagement (Pardot), Salesforce Marketing Cloud Account Engagement, Pardot
Salesforce Commerce Cloud||sfcc, demandware
Salesforce Marketing Cloud||sfmc, exacttarget
SAP SuccessFactors|SuccessFactors
SingleStore||memsql
Snapchat Ads||snap ads
Statuspage|Atlassian Statuspage
Telegram|Telegram Bot
The Trade Desk|Trade Desk|ttd
Twilio Segment|Segment
Twilio SendGrid|SendGrid
WooCommerce||woo, wc
Workleap Officevibe|Officevibe
X|X (Twitter), Twitter
X Ads|Twitter Ads
Xandr||appnexus
Xero|Xero Accounting
YouTube|YouTube Data API|yt
Zendesk||zd, zendesk support
`

export const applicationNames: readonly ApplicationName[] = rows.trim().split('\n').map(parseRow)

function parseRow(row: string): ApplicationName {
  const [name = '', aliases = '', searchAliases = ''] = row.split('|')
  return { name, aliases: parseList(aliases), searchAliases: parseList(searchAliases) }
}

function parseList(text: string): readonly string[] {
  return text === '' ? [] : text.split(', ')
}

/** An application that its name alone does not identify, or that people also call something else. */
export interface ApplicationName {
  readonly name: string
  /** What else providers call the same application: an offer with one of these names is an offer of it. */
  readonly alsoOffered: readonly string[]
  /** Abbreviations and old names that people type. They help a search and never decide what an offer is of. */
  readonly alsoTyped: readonly string[]
}

// Name|other names of offers|what people type. Names that differ only in case, blanks and signs are the same already.
// A name is in the second column only where it means the same product with the same account: an owner's name before
// or after it, a renamed product, a plain name for the one edition there is.
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
Microsoft Dynamics 365||d365, dynamics crm
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
  const [name = '', offered = '', typed = ''] = row.split('|')
  return { name, alsoOffered: listOf(offered), alsoTyped: listOf(typed) }
}

function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(', ')
}

/** A destination or source type of the sandbox's Census catalogue. */
export interface CensusType {
  /** The value of `type` on links and connections. */
  readonly serviceName: string
  readonly label: string
  /** Resembles the service name but is not one: `activecampaign` documents `active_campaign`. */
  readonly documentationSlug: string
  readonly authMethod: 'oauth' | 'credentials'
  readonly creatableViaConnectLink: boolean
  /** Sources only: whether the advanced sync engine (and with it warehouse writeback) is on offer. */
  readonly advancedSync: boolean
}

// service_name|label|documentation slug|oauth (empty: credentials)|closed: no connect links
// Service names where code or documentation shows them; the others follow from their documentation slug.
const destinationRows = `
accredible|Accredible|accredible
active_campaign|ActiveCampaign|activecampaign
adobe_target|Adobe Target|adobe-target
aha|Aha!|aha
airship|Airship|airship
airtable|Airtable|airtable|oauth
algolia|Algolia|algolia
alloydb|AlloyDB|alloydb
amazon_ads|Amazon Ads (DSP and AMC)|amazon-ads-dsp-amc|oauth
amazon_eventbridge|Amazon EventBridge|amazon-eventbridge
amplitude|Amplitude|amplitude
anaplan|Anaplan|anaplan
antavo|Antavo|antavo
apollo|Apollo|apollo
appcues|Appcues|appcues
asana|Asana|asana|oauth
ask_nicely|AskNicely|ask-nicely
attentive|Attentive|attentive
attio|Attio|attio|oauth
autopilot_journeys|Autopilot Journeys|autopilot-journeys
azure_blob_storage|Azure Blob Storage|azure-blob-storage
big_query|Google BigQuery|bigquery
blackhawk|Blackhawk Network|blackhawk
bloomreach|Bloomreach|bloomreach
blueshift|Blueshift|blueshift
box|Box|box|oauth
braze|Braze|braze
brevo|Brevo|brevo
campaignmonitor|Campaign Monitor|campaignmonitor
canny|Canny|canny|oauth
channable|Channable|channable
chargebee|Chargebee|chargebee
chargify|Chargify|chargify
chartmogul|ChartMogul|chartmogul
chatgpt_retrieval_plugin|ChatGPT Retrieval Plugin|chatgpt-retrieval-plugin
chattermill|Chattermill|chattermill
churn_zero|ChurnZero|churn-zero
cj_affiliate|CJ Affiliate|cj-affiliate
clevertap|CleverTap|clevertap
clickup|ClickUp|clickup|oauth
commonroom|Common Room|commonroom
constant_contact|Constant Contact|constant-contact|oauth
courier|Courier|courier
criteo|Criteo|criteo
crowd|crowd.dev|crowd
custom_api|Custom API|custom-api||closed
customer_io|Customer.io|customer.io
databricks|Databricks|databricks
delighted|Delighted|delighted
discord|Discord|discord|oauth
drift|Drift|drift|oauth
drip|Drip|drip
dynamo_db|Amazon DynamoDB|dynamo-db
eagleeye|Eagle Eye|eagleeye
elasticsearch|Elasticsearch|elasticsearch
emarsys|Emarsys|emarsys
enterpret|Enterpret|enterpret
facebook_ads|Facebook Ads|facebook-ads|oauth
facebook_product_catalog|Facebook Product Catalog|facebook-product-catalog|oauth
freshdesk|Freshdesk|freshdesk
freshsales|Freshsales|freshsales
front|Front|front|oauth
fullstory|FullStory|fullstory
gainsight|Gainsight|gainsight
github|GitHub|github|oauth
gitlab|GitLab|gitlab|oauth
gladly|Gladly|gladly
google_ads|Google Ads|google-ads|oauth
google_analytics_four|Google Analytics 4|google-analytics-four|oauth
google_campaign_manager_360|Google Campaign Manager 360|google-campaign-manager-360|oauth
google_cloud_storage|Google Cloud Storage|google-cloud-storage
google_datastore|Google Datastore|google-datastore
google_drive|Google Drive|google-drive|oauth
google_dv360|Google Display & Video 360|google-dv360|oauth
google_search_ads_360|Google Search Ads 360|google-search-ads-360|oauth
google_sheets|Google Sheets|google-sheets|oauth
heap_io|Heap|heap.io
help_scout|Help Scout|help-scout|oauth
http_request|HTTP Request|http-request
hubspot|HubSpot|hubspot|oauth
impact|impact.com|impact
insider|Insider|insider
insightly|Insightly|insightly
intercom|Intercom|intercom|oauth
iterable|Iterable|iterable
jira|Jira|jira|oauth
kafka|Apache Kafka|kafka
kevel|Kevel|kevel
klaviyo|Klaviyo|klaviyo
kustomer|Kustomer|kustomer
labelbox|Labelbox|labelbox-ga
launchdarkly|LaunchDarkly|launchdarkly
linkedin|LinkedIn Ads|linkedin|oauth
liveintent|LiveIntent|liveintent
loops|Loops|loops
mailchimp|Mailchimp|mailchimp|oauth
mailchimp_transactional_mandrill|Mailchimp Transactional (Mandrill)|mailchimp-transactional-mandrill
mailgun|Mailgun|mailgun
marketo|Marketo|marketo
meilisearch|Meilisearch|meilisearch
microsoft_ads|Microsoft Advertising|microsoft-advertising|oauth
microsoft_dynamics|Microsoft Dynamics 365|microsoft-dynamics|oauth
microsoft_sharepoint|Microsoft SharePoint|microsoft-sharepoint|oauth
microsoft_teams|Microsoft Teams|microsoft-teams|oauth
mixpanel|Mixpanel|mixpanel
moengage|MoEngage|moengage
monday|monday.com|monday|oauth
mongo_db|MongoDB|mongo-db
mparticle|mParticle|mparticle
mysql|MySQL|mysql
notion|Notion|notion|oauth
one_signal|OneSignal|one-signal
optimizely|Optimizely|optimizely
oracle_database|Oracle Database|oracle-database
oracle_eloqua|Oracle Eloqua|oracle-eloqua
oracle_fusion|Oracle Fusion|oracle-fusion
oracle_responsys|Oracle Responsys|oracle-responsys
orbit|Orbit|orbit
ortto|Ortto|ortto
outreach|Outreach|outreach|oauth
pardot|Salesforce Account Engagement (Pardot)|pardot|oauth
partnerstack|PartnerStack|partnerstack
pendo|Pendo|pendo
pinecone|Pinecone|pinecone
pinterest_ads|Pinterest Ads|pinterest|oauth
pipedrive|Pipedrive|pipedrive|oauth
planhat|Planhat|planhat
postgres|PostgreSQL|postgres
posthog|PostHog|posthog
postscript|Postscript|postscript
productboard|Productboard|productboard|oauth
qualtrics|Qualtrics|qualtrics
radar|Radar|radar
reddit|Reddit Ads|reddit|oauth
redshift|Amazon Redshift|redshift
rokt|Rokt|rokt
rollworks|RollWorks|rollworks
s3|Amazon S3|s3
sailthru|Sailthru|sailthru
salesforce|Salesforce|salesforce|oauth
salesforce_commerce_cloud|Salesforce Commerce Cloud|salesforce-commerce-cloud
salesforce_marketing_cloud|Salesforce Marketing Cloud|salesforce-marketing-cloud
salesloft|Salesloft|salesloft|oauth
segment|Twilio Segment|segment
sendgrid|Twilio SendGrid|sendgrid
sense|Sense|sense
sftp|SFTP|sftp
shopify|Shopify|shopify|oauth
singular|Singular|singular
slack|Slack|slack|oauth
snapchat|Snapchat Ads|snapchat|oauth
snowflake|Snowflake|snowflake
split|Split|split
sprig|Sprig|sprig
sql_server|Microsoft SQL Server|sql-server
statsig|Statsig|statsig
stripe|Stripe|stripe|oauth
tiktok|TikTok Ads|tiktok|oauth
totango|Totango|totango
trade_desk|The Trade Desk|trade-desk
turbopuffer|turbopuffer|turbopuffer
twitter|X Ads|twitter|oauth
unify|Unify|unify
user_interviews|User Interviews|user-interviews
userflow|Userflow|userflow
userpilot|Userpilot|userpilot
vero|Vero|vero
vitally|Vitally|vitally
webflow|Webflow|webflow|oauth
webhook|Webhook|webhook
yahoo|Yahoo DSP|yahoo|oauth
zendesk|Zendesk|zendesk|oauth
zoho_crm|Zoho CRM|zoho-crm|oauth
zuora|Zuora|zuora
`

// Same columns; `advanced`: also has the advanced sync engine.
const sourceRows = `
alloydb|AlloyDB|alloydb
athena|Amazon Athena|aws-athena
azure_synapse|Azure Synapse|azure-synapse
big_query|Google BigQuery|google-bigquery||advanced
click_house|ClickHouse|clickhouse
confluent_kafka|Confluent Kafka|confluent-kafka||closed
databricks|Databricks|databricks||advanced
elasticsearch|Elasticsearch|elasticsearch
google_cloud_postgres|Google Cloud SQL for PostgreSQL|google-cloud-sql-for-postgresql
google_sheets|Google Sheets|google-sheets|oauth
greenplum|Greenplum|greenplum
http_request|HTTP Request|http-request||closed
kafka|Apache Kafka|kafka||closed
materialize|Materialize|materialize
microsoft_fabric|Microsoft Fabric|microsoft-fabric
mother_duck|MotherDuck|motherduck
mysql|MySQL|mysql
postgres|PostgreSQL|postgres||advanced
pub_sub|Google Pub/Sub|pub-sub||closed
redshift|Amazon Redshift|redshift||advanced
s3|Amazon S3|s3
single_store|SingleStore|singlestore
snowflake|Snowflake|snowflake||advanced
sql_server|Microsoft SQL Server|sql-server
trino|Trino|trino
`

/** What `GET /connectors` (V1) and `GET /activation_types` (V2) list. */
export const censusDestinations: readonly CensusType[] = parseRows(destinationRows)

/** What `GET /source_types` lists. */
export const censusSources: readonly CensusType[] = parseRows(sourceRows)

function parseRows(rows: string): readonly CensusType[] {
  return rows.trim().split('\n').map(parseRow)
}

function parseRow(row: string): CensusType {
  const [serviceName = '', label = serviceName, documentationSlug = serviceName, auth, flag] = row.split('|')
  return {
    serviceName,
    label,
    documentationSlug,
    authMethod: auth === 'oauth' ? 'oauth' : 'credentials',
    creatableViaConnectLink: flag !== 'closed',
    advancedSync: flag === 'advanced',
  }
}

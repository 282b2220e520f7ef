/** A Fivetran service as the sandbox's catalogue knows it. */
export interface FivetranService {
  /** The value of `service` on a connection and of `id` in the metadata. */
  readonly key: string
  readonly name: string
  /** Fivetran's own grouping of connectors. */
  readonly type: FivetranType
  /** Which naming fields `config` must hold when a connection is created. */
  readonly family: FivetranFamily
  /** Whether the service takes an `auth` object, that is: a person grants access in a consent screen. */
  readonly oauth: boolean
}

// Values of `type` in the answers of GET /v1/metadata/connector-types; which service has which is our guess.
const types = [
  'API',
  'Database',
  'File',
  'Events',
  'Function',
  'Log',
  'BITool',
  'Security',
  'Engineering',
  'HumanResources',
  'Finance',
  'Marketing',
  'Sales',
  'Support',
  'Productivity',
] as const
export type FivetranType = (typeof types)[number]

export type FivetranFamily = 'schema' | 'schema_table' | 'schema_prefix' | 'schema_table_group'

const families: Readonly<Record<string, FivetranFamily>> = {
  table: 'schema_table',
  prefix: 'schema_prefix',
  group: 'schema_table_group',
}

// key|name|type|family (empty: schema)|oauth
// Keys, families and auth: the request schemas of POST /v1/connections in Fivetran's published OpenAPI, July 2026.
const rows = `
15five|15Five|HumanResources
360learning|360Learning|HumanResources
7shifts|7shifts|HumanResources
absorb_lms|Absorb LMS|HumanResources
acculynx|AccuLynx|API
activecampaign|ActiveCampaign|Marketing
acumatica|Acumatica|Finance
ada|Ada|Support
adform|Adform|Marketing
adjust|Adjust|Marketing
adobe_analytics|Adobe Analytics|Marketing
adobe_analytics_data_feed|Adobe Analytics Data Feed|Marketing
adobe_commerce|Adobe Commerce|API
adobe_workfront|Adobe Workfront|Productivity||oauth
adp_workforce_now|ADP Workforce Now|HumanResources
adroll|AdRoll|Marketing|table|oauth
adyen|Adyen|Finance
affinity|Affinity|Sales
afterpay|Afterpay|Finance
aha|Aha!|API
aircall|Aircall|Sales
airtable|Airtable|Database|prefix|oauth
akamai|Akamai|Security|table
akeneo|Akeneo|API|table
alation|Alation|Engineering
alchemer|Alchemer|Marketing
algolia|Algolia|Marketing|table
alida|Alida|Marketing
amazon_ads|Amazon Ads|Marketing||oauth
amazon_attribution|Amazon Attribution|Marketing||oauth
amazon_dsp|Amazon DSP|Marketing|table|oauth
amazon_selling_partner|Amazon Selling Partner|API||oauth
amplitude|Amplitude|Engineering
amqp|AMQP|Events
anaplan|Anaplan|Finance
anthropic_claude|Anthropic Claude|Engineering
anvyl|Anvyl|API
apache_kafka|Apache Kafka|Events
apollo|Apollo|Sales
appcues|Appcues|API
appfigures|Appfigures|Marketing
apple_search_ads|Apple Search Ads|Marketing||oauth
applovin|AppLovin|Marketing
appsflyer|AppsFlyer|Marketing
asana|Asana|Productivity||oauth
ascend_by_partnerize|Ascend by Partnerize|Marketing
ashby|Ashby|HumanResources
assembled|Assembled|Support|table
asset_panda|Asset Panda|Productivity
atlassian_compass|Atlassian Compass|Engineering
atlassian_jira_align|Atlassian Jira Align|Engineering
atlassian_ops_genie|Atlassian Opsgenie|Engineering
attentive|Attentive|Marketing
attio|Attio|Sales||oauth
aumni|Aumni|Finance
aura_from_unity|Aura from Unity|Marketing
aurora|Amazon Aurora MySQL|Database|prefix
aurora_postgres|Amazon Aurora PostgreSQL|Database|prefix
auth0|Auth0|Security
autodesk_bim_360|Autodesk BIM 360|API||oauth
avantlink|AvantLink|Marketing
aveva_pi|AVEVA PI System|API
awin|Awin|Marketing
aws_cloudtrail|AWS CloudTrail|Log
aws_cost_report|AWS Cost and Usage Report|Engineering|table
aws_inventory|AWS Inventory|File
aws_lambda|AWS Lambda|Function
aws_msk|Amazon MSK|Events
azure_blob_storage|Azure Blob Storage|File|group|oauth
azure_cosmos_for_mongo|Azure Cosmos DB for MongoDB|Database|prefix
azure_devops|Azure DevOps|Engineering||oauth
azure_event_hub|Azure Event Hubs|Events
azure_function|Azure Functions|Function
azure_postgres|Azure PostgreSQL|Database|prefix
azure_service_bus|Azure Service Bus|Events||oauth
azure_sql_db|Azure SQL Database|Database|prefix|oauth
azure_sql_managed_db|Azure SQL Managed Instance|Database|prefix|oauth
backbone_plm|Backbone PLM|API
ballotready|BallotReady|API
bamboohr|BambooHR|HumanResources
bazaarvoice|Bazaarvoice|Marketing
betterworks|Betterworks|HumanResources
big_commerce|BigCommerce|API
bigin_by_zoho_crm|Bigin by Zoho CRM|Sales||oauth
bigmarker|BigMarker|Marketing
bigquery_db|BigQuery|Database|prefix
billing_platform|BillingPlatform|Finance||oauth
bing_webmaster_tools|Bing Webmaster Tools|Marketing
bingads|Microsoft Advertising|Marketing||oauth
birdeye|Birdeye|Marketing
bitly|Bitly|Marketing
bizzabo_app|Bizzabo|Marketing
boostr|Boostr|Marketing
box|Box|File|group
braintree|Braintree|Finance
braintree_sandbox|Braintree Sandbox|Finance
branch|Branch|Marketing
brave_ads|Brave Ads|Marketing|table
braze|Braze|Marketing
breathe_hr|Breathe HR|HumanResources
brevo|Brevo|Marketing
brex|Brex|Finance
brightcove|Brightcove|Marketing
brightflag|Brightflag|API
brightpearl|Brightpearl|API||oauth
brivo|Brivo|API
buildium|Buildium|API
buildkite|Buildkite|Engineering
business_central|Microsoft Dynamics 365 Business Central|Finance||oauth
buzzsprout|Buzzsprout|Marketing|table
bynder|Bynder|Productivity||oauth
cabcharge|Cabcharge|Finance
calabrio|Calabrio|Support
calcom|Cal.com|Sales
calendly|Calendly|Sales||oauth
callrail|CallRail|Marketing
campaignmonitor|Campaign Monitor|Marketing
campfire|Campfire|API
canny|Canny|Marketing
canvas_by_instructure|Canvas by Instructure|HumanResources||oauth
canvas_data_2_by_instructure|Canvas Data 2 by Instructure|HumanResources|table
captivateiq|CaptivateIQ|Finance
care_quality_commission|Care Quality Commission|HumanResources
castor_edc|Castor EDC|API
centra|Centra|API
ceridian_dayforce|Ceridian Dayforce|HumanResources
chameleon|Chameleon|Marketing
chargebee_product_catalog_1|Chargebee Product Catalog 1.0|Finance
chargebee_product_catalog_2|Chargebee Product Catalog 2.0|Finance|table
chargedesk|ChargeDesk|Finance|table
charthop|ChartHop|HumanResources
chartmogul|ChartMogul|Finance
checkout|Checkout.com|Finance
checkr|Checkr|HumanResources
chorusai|Chorus.ai|Sales
churnkey|Churnkey|Finance
churnzero|ChurnZero|Support
cimis|CIMIS|API
cin7|Cin7|API
cin7core|Cin7 Core|API
circle_community_platform|Circle|Support
circleci|CircleCI|Engineering
cj_commission_detail|CJ Commission Detail|Finance
clari|Clari|Sales
claude_compliance|Claude Compliance|Security
clazar|Clazar|Finance
clickup|ClickUp|Productivity
clockify|Clockify|HumanResources
clockodo|Clockodo|HumanResources
close|Close|Sales
cloudbeds|Cloudbeds|API||oauth
cloudflare_analytics|Cloudflare Analytics|Log|table
cloudfront|Amazon CloudFront|Log
cloudtalk|CloudTalk|Support
clubspeed|Clubspeed|API|table
coalesce|Coalesce|Engineering
coassemble|Coassemble|HumanResources
cockroachdb|CockroachDB|Database|prefix
coda|Coda|Productivity
codefresh|Codefresh|Engineering
collibra|Collibra|Engineering
column|Column|API
commercetools|commercetools|API
compliance_checkpoint|Compliance Checkpoint|API
concord|Concord|Productivity
concur|Concur|Finance
confluence|Confluence|Productivity
confluent_cloud|Confluent Cloud|Events||oauth
connector_sdk|Connector SDK|Function
consensus_demo_automation_platform|Consensus|Sales
constant_contact|Constant Contact|Marketing||oauth
contrast_security|Contrast Security|Security
convex|Convex|Database
copper|Copper|Sales
cornerstone|Cornerstone|HumanResources
cosmos|Azure Cosmos DB for NoSQL|Database|prefix
coupa|Coupa|Finance
credly|Credly|API
criteo|Criteo|Marketing
criteo_retail_media|Criteo Retail Media|Marketing|table
crossbeam|Crossbeam|Sales||oauth
crowddev|crowd.dev|Engineering
crunchbase|Crunchbase|Sales
cube_software|Cube Software|Finance||oauth
culture_amp|Culture Amp|HumanResources
customerio|Customer.io|Marketing
cvent|Cvent|Marketing
d2l_brightspace|D2L Brightspace|HumanResources||oauth
databricks_db|Databricks|Database|prefix
datadog|Datadog|Engineering
datastreamer_source|Datastreamer|API
db2i_hva|Db2 for i (High-Volume Agent)|Database|prefix
db2i_sap_hva|SAP ERP on Db2 for i (High-Volume Agent)|Database|prefix
db2luw|Db2 for LUW|Database|prefix
db2z|Db2 for z/OS|Database|prefix
dbt_cloud|dbt Cloud|Engineering
dcl_logistics|DCL Logistics|API
deel|Deel|HumanResources
delighted|Delighted|Support
deposco|Deposco|API
deputy|Deputy|HumanResources
destini|Destini|API|table
device_magic|Device Magic|Security
dialpad|Dialpad|Support||oauth
discourse|Discourse|Support
dixa|Dixa|Support
docebo|Docebo|HumanResources||oauth
documentdb|Amazon DocumentDB|Database|prefix
donus|Donus|Finance
doorloop|DoorLoop|API
double_click_campaign_manager|Google Campaign Manager 360|Marketing|table|oauth
double_click_publishers|Google Ad Manager|Marketing|table|oauth
drata|Drata|Security
drift|Drift|Support||oauth
drip|Drip|Marketing
dropbox|Dropbox|File|group|oauth
dropbox_sign|Dropbox Sign|Productivity|table
dsv|DSV|API||oauth
duoplane|Duoplane|API|table
dutchie|Dutchie|API
dynamics_365|Microsoft Dynamics 365|Sales||oauth
dynamodb|Amazon DynamoDB|Database
easypost|EasyPost|API
ebay|eBay|API||oauth
economic|e-conomic|Finance
elastic_cloud|Elastic Cloud|Database||oauth
electronic_tenant_solutions|Electronic Tenant Solutions|API
eloqua|Oracle Eloqua|Marketing
email|Email|File|group
employment_hero|Employment Hero|HumanResources||oauth
epic_clarity|Epic Clarity|Database|prefix
es_self_hosted|Elasticsearch (Self-Hosted)|Database||oauth
eventbrite|Eventbrite|Marketing
eventsforce|Eventsforce|Marketing|table
everflow|Everflow|Marketing|table
everhour|Everhour|HumanResources
exact_online|Exact Online|Finance||oauth
expensein|ExpenseIn|Finance
expensify|Expensify|Finance
ezofficeinventory|EZOfficeInventory|API
facebook_ads|Facebook Ads|Marketing||oauth
facebook_pages|Facebook Pages|Marketing||oauth
factbird|Factbird|API
factorial|Factorial|HumanResources
fathom|Fathom|Productivity
fillout|Fillout|Productivity||oauth
firebase|Firebase|Database
fireflies|Fireflies|Productivity
firehydrant|FireHydrant|Engineering
fivetran_log|Fivetran Log|Log
flexport|Flexport|API
float|Float|API
flywheel_digital|Flywheel Digital|Marketing
fone_dynamics|Fone Dynamics|API
forethought|Forethought|Support
forj_community|Forj Community|API|table
formstack|Formstack|Productivity||oauth
fortnox|Fortnox|Finance||oauth
fountain|Fountain|HumanResources
fourkites|FourKites|API
freightview|Freightview|API
freshbooks|FreshBooks|Finance||oauth
freshchat|Freshchat|Support
freshdesk|Freshdesk|Support
freshdesk_contact_center|Freshdesk Contact Center|Support|table
freshsales|Freshsales|Sales
freshservice|Freshservice|Support
freshsuccess|Freshsuccess|Support|table
freshteam|Freshteam|Support
friendbuy|Friendbuy|Marketing
front|Front|Support||oauth
ftp|FTP|File|group
fulfil|Fulfil|API
fullstory|FullStory|Engineering
g2|G2|API
gainsight_customer_success|Gainsight Customer Success|Support||oauth
gainsight_product_experience|Gainsight Product Experience|Support
gcs|Google Cloud Storage|File|group
gem|Gem|HumanResources
genesys|Genesys|Support
getfeedback|GetFeedback|Marketing
github|GitHub|Engineering
gitlab|GitLab|Engineering||oauth
gladly|Gladly|Support
globalmeet|GlobalMeet|Productivity
gmail|Gmail|Productivity||oauth
gocardless|GoCardless|Finance
gofundme_pro|GoFundMe Pro|API
goldcast|Goldcast|Marketing
gongio|Gong.io|Sales
google_ads|Google Ads|Marketing||oauth
google_analytics_4|Google Analytics 4|Marketing||oauth
google_analytics_4_export|Google Analytics 4 Export|Events
google_business_profile|Google Business Profile|Marketing||oauth
google_calendar|Google Calendar|Productivity||oauth
google_classroom|Google Classroom|HumanResources|table|oauth
google_cloud_function|Google Cloud Functions|Function
google_cloud_mysql|Google Cloud SQL for MySQL|Database|prefix
google_cloud_postgresql|Google Cloud SQL for PostgreSQL|Database|prefix
google_cloud_sqlserver|Google Cloud SQL for SQL Server|Database|prefix
google_display_and_video_360|Google Display & Video 360|Marketing|table|oauth
google_drive|Google Drive|File|group
google_play|Google Play|Marketing||oauth
google_search_ads_360|Google Search Ads 360|Marketing||oauth
google_search_console|Google Search Console|Marketing||oauth
google_sheets|Google Sheets|File|table|oauth
google_tag_manager|Google Tag Manager|Marketing||oauth
google_tasks|Google Tasks|Productivity||oauth
gorgias|Gorgias|Support
green_power_monitor|GreenPowerMonitor|API
greenhouse|Greenhouse|HumanResources
grepsr|Grepsr|API
grin|GRIN|Marketing|table
guidewire_cloud_data_access|Guidewire Cloud Data Access|File|group
guru|Guru|Productivity
h_level|HighLevel|Sales
happyfox|HappyFox|Support|table
harvest|Harvest|HumanResources
healthie|Healthie|API
heap|Heap|Engineering
heartland_retail_pos|Heartland Retail POS|API||oauth
helpdesk|HelpDesk|Support||oauth
helpjuice|Helpjuice|Support
helpscout|Help Scout|Support||oauth
helpshift|Helpshift|Support
heroku_kafka|Heroku Kafka|Events
heroku_postgres|Heroku PostgreSQL|Database|prefix
hex|Hex|BITool
hibob|HiBob|HumanResources
higher_logic_vanilla|Higher Logic Vanilla|Support
hilti_ontrack|Hilti ON!Track|API
hopin|Hopin|Marketing
hubspot|HubSpot|Marketing||oauth
ibacos|IBACOS|API
ilevel|iLEVEL|Finance
impact|impact.com Brand|Marketing
impact_partner|impact.com Partner|Marketing
incidentio|incident.io|Engineering
infobip|Infobip|API
insightly|Insightly|Sales
instagram_business|Instagram Business|Marketing||oauth
integral_ad_science|Integral Ad Science|Marketing
integrate|Integrate|Marketing
intercom|Intercom|Support||oauth
invoiced|Invoiced|Finance
ironclad|Ironclad|Productivity||oauth
ironclad_clickwrap|Ironclad Clickwrap|Productivity
ironsource|ironSource|Marketing
iterable|Iterable|Marketing
itunes_connect|Apple App Store Connect|Marketing
ivanti|Ivanti|Security
jama_software|Jama Software|API|table
jamf|Jamf|Security
jibble|Jibble|HumanResources|table
jira|Jira|Engineering
jobnimbus|JobNimbus|Sales
jotform|Jotform|Marketing
justcall|JustCall|Support|table
kandji|Kandji|API
katana|Katana|API
kevel|Kevel|Marketing
keypay|KeyPay|HumanResources
khoros_care|Khoros Care|Support
khoros_communities|Khoros Communities|Support||oauth
khoros_marketing|Khoros Marketing|Marketing
kinesis|Amazon Kinesis|Events|table
kisi|Kisi|Security
kissmetrics|Kissmetrics|Marketing
klarna|Klarna|Finance
klaviyo|Klaviyo|Marketing
konnect_insights|Konnect Insights|Marketing
kustomer|Kustomer|Support
lattice|Lattice|HumanResources
launchdarkly|LaunchDarkly|Engineering
leap_crm|Leap CRM|Sales
leapsome|Leapsome|HumanResources
learn_amp|Learn Amp|HumanResources
learnupon|LearnUpon|HumanResources|table
leave_dates|Leave Dates|HumanResources
lemlist|lemlist|Marketing
lessonly|Lessonly|HumanResources
lever|Lever|HumanResources
liftoff|Liftoff|Marketing
light_speed_retail|Lightspeed Retail R-Series|API
lightspeed_retail_xseries|Lightspeed Retail X-Series|API||oauth
line_ads|LINE Ads|Marketing
linear|Linear|Engineering
linkedin_ads|LinkedIn Ads|Marketing||oauth
linkedin_company_pages|LinkedIn Company Pages|Marketing||oauth
linksquares|LinkSquares|Productivity
listen360|Listen360|Marketing
livechat_partner|LiveChat Partner|Support|table
livestorm|Livestorm|Marketing
lob|Lob|API
looker_source|Looker|BITool|table
loop|Loop|Support
loopio|Loopio|Productivity
lucca|Lucca|Productivity
luma|Luma|API
magento_mysql|Magento via MySQL|Database|prefix
magento_mysql_rds|Magento via Amazon RDS for MySQL|Database|prefix
mailchimp|Mailchimp|Marketing
maileon|Maileon|Marketing
mailgun|Mailgun|Marketing
mailjet|Mailjet|Marketing
maintainx|MaintainX|API
malomo|Malomo|API
mambu|Mambu|Finance
mandrill|Mandrill|Marketing
maria|MariaDB|Database|prefix
maria_azure|Azure MariaDB|Database|prefix
maria_rds|Amazon RDS for MariaDB|Database|prefix
marin|Marin|Marketing
marketo|Marketo|Marketing
matomo|Matomo|Marketing
mavenlink|Mavenlink|Productivity
maxio_chargify|Maxio Chargify|Finance
maxio_saasoptics|Maxio SaaSOptics|Finance
medallia|Medallia|Marketing||oauth
medallia_agile_research|Medallia Agile Research|Marketing
megaphone|Megaphone|Marketing
mention|Mention|Marketing||oauth
microsoft_dynamics_365_fno|Microsoft Dynamics 365 Finance and Operations|Finance||oauth
microsoft_entra_id|Microsoft Entra ID|Security
microsoft_lists|Microsoft Lists|File||oauth
microsoft_power_bi|Microsoft Power BI|BITool
microsoft_teams|Microsoft Teams|Productivity
missive|Missive|Support
mixmax|Mixmax|Sales|table
mixpanel|Mixpanel|Engineering|table
mode|Mode|BITool
mollie|Mollie|Finance
moloco|Moloco|Marketing
monday|monday.com|Productivity
mongo|MongoDB|Database|prefix
mongo_sharded|MongoDB Sharded Cluster|Database|prefix
mountain|MNTN|Marketing
mux|Mux|Engineering
myosh|myosh|API
mysql|MySQL|Database|prefix
mysql_azure|Azure MySQL|Database|prefix
mysql_rds|Amazon RDS for MySQL|Database|prefix
namely|Namely|HumanResources||oauth
national_heavy_vehicle_regulator|National Heavy Vehicle Regulator|API
navan|Navan|Finance|table
netsuite_suiteanalytics|NetSuite SuiteAnalytics|Finance
nice|NICE CXone|Support
notion|Notion|Productivity||oauth
nylas|Nylas|Engineering
odoo|Odoo|API||oauth
okendo|Okendo|Marketing
okta|Okta|Security
ometria|Ometria|Marketing
on24|ON24|Marketing
oncehub|OnceHub|Sales
one_drive|OneDrive|File||oauth
onetrust|OneTrust|Security
open_data_dc|Open Data DC|API|table
open_exchange_rates|Open Exchange Rates|Finance
openai|OpenAI|Engineering
openai_compliance_platform|OpenAI Compliance Platform|Security
opendistro|Open Distro|Database
opensearch|OpenSearch|Database
optimizely|Optimizely|Engineering||oauth
oracle|Oracle|Database|prefix
oracle_business_intelligence_publisher|Oracle Business Intelligence Publisher|Finance|prefix
oracle_ebs|Oracle E-Business Suite|Finance|prefix
oracle_fusion_cloud_apps_crm|Oracle Fusion Cloud Applications CRM|Sales|prefix
oracle_fusion_cloud_apps_fscm|Oracle Fusion Cloud Applications FSCM|Finance|prefix
oracle_fusion_cloud_apps_hcm|Oracle Fusion Cloud Applications HCM|HumanResources|prefix
oracle_fusion_field_service|Oracle Fusion Field Service|API
oracle_hva|Oracle (High-Volume Agent)|Database|prefix
oracle_moat_analytics|Oracle Moat Analytics|Marketing
oracle_netsuite_openair|Oracle NetSuite OpenAir|Finance||oauth
oracle_rac|Oracle RAC|Database|prefix
oracle_rds|Amazon RDS for Oracle|Database|prefix
oracle_sap_hva|SAP ERP on Oracle (High-Volume Agent)|Database|prefix
oracle_sap_hva_netweaver|SAP ERP on Oracle NetWeaver (High-Volume Agent)|Database
orbit|Orbit|Marketing
ordergroove|Ordergroove|API
ordway|Ordway|Finance
ortto|Ortto|Marketing
outbrain|Outbrain|Marketing
outreach|Outreach|Sales||oauth
packiyo|Packiyo|API
paddle|Paddle|Finance|table
pagerduty|PagerDuty|Engineering
pandadoc|PandaDoc|Sales
papershift|Papershift|HumanResources
parcellab|parcelLab|API
pardot|Salesforce Marketing Cloud Account Engagement|Marketing||oauth
pardot_sandbox|Salesforce Marketing Cloud Account Engagement Sandbox|Marketing||oauth
partnerize|Partnerize|Marketing
partnerstack_vendor|PartnerStack Vendor|Marketing
paychex|Paychex|HumanResources
paylocity|Paylocity|HumanResources
paypal|PayPal|Finance
paypal_sandbox|PayPal Sandbox|Finance
pendo|Pendo|Engineering
peopleforce|PeopleForce|HumanResources
persona|Persona|Security
personio|Personio|HumanResources
phoenix_ads|Phoenix Ads|Marketing
picqer|Picqer|API
pigment|Pigment|Finance
pingdom|Pingdom|Engineering
pinpoint|Pinpoint|HumanResources
pinterest_ads|Pinterest Ads|Marketing||oauth
pinterest_organic|Pinterest Organic|Marketing||oauth
pipe17|Pipe17|API
pipedrive|Pipedrive|Sales||oauth
pivotal_tracker|Pivotal Tracker|Engineering
piwik_pro|Piwik PRO|Marketing
placerai|Placer.ai|Marketing
planetscale|PlanetScale|Database
planful|Planful|Finance
planhat|Planhat|API
playvox|Playvox|Support
playvox_workforce_management|Playvox Workforce Management|HumanResources
podio|Podio|Productivity
poplar|Poplar|API
postgres|PostgreSQL|Database|prefix
postgres_rds|Amazon RDS for PostgreSQL|Database|prefix
posthog|PostHog|Engineering
postmark|Postmark|Marketing
power_reviews_enterprise|PowerReviews Enterprise|Marketing
prisma_cloud|Prisma Cloud|Security
prive|Privé|API
procore|Procore|API
productboard|Productboard|Engineering
productive|Productive|Engineering
profound|Profound|Finance
proofpoint_security_awareness|Proofpoint Security Awareness|Security
prosperstack|ProsperStack|Finance
purple_dot|Purple Dot|API
pylon_support_platform|Pylon|Support
qmatic_data_connect|Qmatic Data Connect|Support
qualaroo|Qualaroo|Marketing
qualtrics|Qualtrics|Marketing||oauth
quickbooks|QuickBooks Online|Finance||oauth
quora_ads|Quora Ads|Marketing||oauth
quorum|Quorum|API
rakutenadvertising|Rakuten Advertising|Marketing
ramp|Ramp|Finance||oauth
rarible|Rarible|API
rebound_returns|ReBound Returns|API
recharge|Recharge|Finance
recurly|Recurly|Finance
reddit_ads|Reddit Ads|Marketing||oauth
referralhero|ReferralHero|Marketing|table
refiner|Refiner|API
reltio|Reltio|API
replyio|Reply.io|Sales
resource_management_by_smartsheet|Resource Management by Smartsheet|Productivity
retailnext|RetailNext|API
retently|Retently|Marketing
revel|Revel|API
revenuecat|RevenueCat|Finance
reviewsai|Reviews.ai|Marketing|table
reviewsio|REVIEWS.io|Marketing
revops|RevOps|Finance|table
revx|RevX|Marketing
ricochet360|Ricochet360|Sales
ringcentral|RingCentral|Support||oauth
ringover|Ringover|Support
rippling|Rippling|HumanResources
rithum|Rithum|API||oauth
rivo|Rivo|API
rocketlane|Rocketlane|Productivity
rokt|Rokt|Marketing
rollbar|Rollbar|Engineering|table
rootly|Rootly|Engineering
rtb_house|RTB House|Marketing
ruddr|Ruddr|Productivity
rundeck|Rundeck|Engineering
s3|Amazon S3|File|group
s3_compatible_storage|S3-Compatible Storage|File|group
safebase|SafeBase|Security|table
safetyculture|SafetyCulture|Productivity
sage_hr|Sage HR|HumanResources
sage_intacct|Sage Intacct|Finance
sailthru|Sailthru|Marketing
salesforce|Salesforce|Sales||oauth
salesforce_commerce_cloud|Salesforce Commerce Cloud|API||oauth
salesforce_marketing_cloud|Salesforce Marketing Cloud|Marketing
salesforce_sandbox|Salesforce Sandbox|Sales||oauth
salesloft|Salesloft|Sales||oauth
salsify|Salsify|API
samsara|Samsara|API
sana|Sana|HumanResources
sap_business_by_design|SAP Business ByDesign|Finance
sap_hana_db|SAP HANA|Database|prefix
sap_success_factors|SAP SuccessFactors|HumanResources
scorm|SCORM|HumanResources
security_journey|Security Journey|Security
segment|Segment|Events
sendgrid|SendGrid|Marketing
sentry|Sentry|Engineering
servicenow|ServiceNow|Support
servicetitan|ServiceTitan|API
servicetrade|ServiceTrade|API
sevdesk|sevDesk|Finance
sftp|SFTP|File|group
share_point|SharePoint|File|group|oauth
shareasale|ShareASale|Marketing
sharetribe|Sharetribe|API
shiphero|ShipHero|API|table
shipmonk|ShipMonk|API
shipnetwork|ShipNetwork|API
shipstation|ShipStation|API
shopify|Shopify|API||oauth
shopware|Shopware|API
shortcut|Shortcut|Engineering
shortio|Short.io|API
showpad|Showpad|Sales||oauth
siemens_building_x_openness|Siemens Building X Openness|API
sigma_computing_source|Sigma Computing|BITool
simplecast|Simplecast|Marketing
simplesat|Simplesat|Marketing
singlestore_source|SingleStore|Database
sistrix|SISTRIX|Marketing|table
skilljar|Skilljar|HumanResources
skillstx|SkillsTX|HumanResources
skimlinks|Skimlinks|Marketing
skuvault|SkuVault|API
slab|Slab|Productivity
slack|Slack|Productivity|table
slack_admin_data|Slack Admin Data|Log
slack_app|Slack App|Productivity
smadex|Smadex|Marketing
smarthr|SmartHR|HumanResources
smartrecruiters|SmartRecruiters|HumanResources
smartsheet|Smartsheet|Productivity||oauth
smartwaiver|Smartwaiver|API
snapchat_ads|Snapchat Ads|Marketing||oauth
snowflake_db|Snowflake|Database|prefix
snowplow|Snowplow|Events
snyk|Snyk|Security
solarwinds_service_desk|SolarWinds Service Desk|Support
sonarqube|SonarQube|Engineering
sparkpost|SparkPost|Marketing
splash|Splash|Marketing
splitio|Split|API
splunk|Splunk|Log
spotify_ads|Spotify Ads|Marketing||oauth
sprout|Sprout Social|Marketing
sql_server|SQL Server|Database|prefix
sql_server_hva|SQL Server (High-Volume Agent)|Database|prefix
sql_server_rds|Amazon RDS for SQL Server|Database|prefix
sql_server_sap_ecc_hva|SAP ERP on SQL Server (High-Volume Agent)|Database|prefix
square|Square|Finance
squarespace|Squarespace|API
stackadapt_graphql|StackAdapt|Marketing
standard_metrics|Standard Metrics|Finance
starrez|StarRez|API
statistics_netherlands_cbs|Statistics Netherlands (CBS)|API
statsig|Statsig|Engineering
statuspage|Statuspage|Engineering
stickyio|sticky.io|Finance
stripe|Stripe|Finance
stripe_test|Stripe Test|Finance
stylight|Stylight|Marketing
subscript|Subscript|Finance
sugarcrm|SugarCRM|Sales|table
survey_monkey|SurveyMonkey|Marketing||oauth
survicate|Survicate|Marketing
swoogo|Swoogo|Marketing
tableau_source|Tableau|BITool
taboola|Taboola|Marketing
talkdesk|Talkdesk|Support
talkwalker|Talkwalker|Marketing
teads|Teads|Marketing
teamtailor|Teamtailor|HumanResources|table
teamwork|Teamwork|Productivity
tempo|Tempo|Productivity||oauth
testrail|TestRail|Engineering
textus|Textus|Marketing
the_movie_database|The Movie Database|API
the_trade_desk|The Trade Desk|Marketing
thinkific|Thinkific|HumanResources||oauth
ticket_tailor|Ticket Tailor|API
tiktok_ads|TikTok Ads|Marketing||oauth
tiktok_organic|TikTok Organic|Marketing
tiktok_organic_app|TikTok Organic App|Marketing||oauth
tive|Tive|API|table
toggl_track|Toggl Track|HumanResources
totango|Totango|Support
tracksuit_source|Tracksuit|Marketing
transcend|Transcend|API
trelica|Trelica|Productivity
trello|Trello|Productivity
tremendous|Tremendous|API||oauth
triple_whale|Triple Whale|Marketing
trisolute|Trisolute|API
trustpilot|Trustpilot|Marketing
twilio|Twilio|Engineering
twitter|X|Marketing||oauth
twitter_ads|X Ads|Marketing||oauth
tymeshift|Tymeshift|HumanResources
typeform|Typeform|Marketing||oauth
udemy_business|Udemy Business|HumanResources
ukg_pro|UKG Pro|HumanResources
ukg_pro_workforce_management|UKG Pro Workforce Management|HumanResources
unicommerce|Unicommerce|API
upland|Upland|API
uppromote|UpPromote|Marketing
uptempo|Uptempo|Marketing
uservoice|UserVoice|Support
validio|Validio|API
veeqo|Veeqo|API
veeva_vault|Veeva Vault|API
venminder|Venminder|API
vimeo|Vimeo|Marketing||oauth
visit_by_ges|Visit by GES|API
visma|Visma|Finance
vitally|Vitally|Sales
vonage_contact_center|Vonage Contact Center|Support
vts|VTS|API
vwo|VWO|Marketing
walmart_dsp|Walmart DSP|Marketing
walmart_marketplace|Walmart Marketplace|API
web_scraper|Web Scraper|Engineering
webconnex|Webconnex|API
webhooks|Webhooks|Events|table
when_i_work|When I Work|HumanResources
wherefour|Wherefour|API|table
wicked_reports|Wicked Reports|Marketing
woocommerce|WooCommerce|API
wordpress|WordPress|Marketing|table|oauth
workable|Workable|HumanResources
workday|Workday|HumanResources|group|oauth
workday_adaptive|Workday Adaptive|Finance
workday_financial_management|Workday Financial Management|Finance||oauth
workday_hcm|Workday HCM|HumanResources||oauth
workday_strategic_sourcing|Workday Strategic Sourcing|API
workleap_officevibe|Workleap Officevibe|HumanResources|table
workramp|WorkRamp|HumanResources
wrike|Wrike|Productivity||oauth
writesonic|Writesonic|Productivity
xactly|Xactly|API
xandr|Xandr|Marketing
xero|Xero|Finance
xray|Xray|Engineering
xsolla|Xsolla|API
yahoo_display_ads_on_yahoo_japan|Yahoo Display Ads on Yahoo Japan|Marketing||oauth
yahoo_dsp|Yahoo DSP|Marketing||oauth
yahoo_gemini|Yahoo Gemini|Marketing||oauth
yahoo_search_ads_yahoo_japan|Yahoo Search Ads on Yahoo Japan|Marketing||oauth
yext|Yext|Marketing
yotpo|Yotpo|Marketing||oauth
yougov_brandindex|YouGov BrandIndex|Marketing
yougov_sport|YouGov Sport|Marketing
younium|Younium|Finance
youtube_analytics|YouTube Analytics|Marketing||oauth
zendesk|Zendesk|Support||oauth
zendesk_chat|Zendesk Chat|Support||oauth
zendesk_sell|Zendesk Sell|Sales||oauth
zendesk_sunshine|Zendesk Sunshine|Support
zendesk_workforce_management|Zendesk Workforce Management|HumanResources
zenefits|Zenefits|HumanResources
zingtree|Zingtree|API
zip|Zip|Finance
zoho_books|Zoho Books|Finance||oauth
zoho_campaigns|Zoho Campaigns|Marketing||oauth
zoho_crm|Zoho CRM|Sales||oauth
zoho_desk|Zoho Desk|Support||oauth
zoho_inventory|Zoho Inventory|API||oauth
zoho_people|Zoho People|HumanResources||oauth
zoho_recruit|Zoho Recruit|HumanResources||oauth
zonka_feedback|Zonka Feedback|Marketing
zoom|Zoom|Productivity||oauth
zuora|Zuora|Finance
zuora_sandbox|Zuora Sandbox|Finance
`

/** Every service for which Fivetran's API makes connections, by key. */
export const fivetranServices: readonly FivetranService[] = rows.trim().split('\n').map(parseRow)

function parseRow(row: string): FivetranService {
  const [key = '', name = key, type, family = '', auth] = row.split('|')
  return {
    key,
    name,
    type: types.find((known) => known === type) ?? 'API',
    family: families[family] ?? 'schema',
    oauth: auth === 'oauth',
  }
}

/**
 * The naming fields that a Fivetran service requires in `config`, and the services with OAuth fields. Shipped
 * as data, so that creating a link does not wait for a catalogue. Derived from the request schemas of
 * Fivetran's public OpenAPI description (July 2026): 773 services in four families.
 */
export type NamingFamily = 'schema' | 'schema_table' | 'schema_prefix' | 'schema_table_group'

/** Service names separated by whitespace; `*` marks services that take OAuth credentials (an `auth` object). */
const services: Record<NamingFamily, string> = {
  schema: `
    15five 360learning 7shifts absorb_lms acculynx activecampaign acumatica ada adform adjust
    adobe_analytics adobe_analytics_data_feed adobe_commerce adobe_workfront* adp_workforce_now
    adyen affinity afterpay aha aircall alation alchemer alida amazon_ads* amazon_attribution*
    amazon_selling_partner* amplitude amqp anaplan anthropic_claude anvyl apache_kafka apollo
    appcues appfigures apple_search_ads* applovin appsflyer asana* ascend_by_partnerize ashby
    asset_panda atlassian_compass atlassian_jira_align atlassian_ops_genie attentive attio* aumni
    aura_from_unity auth0 autodesk_bim_360* avantlink aveva_pi awin aws_cloudtrail aws_inventory
    aws_lambda aws_msk azure_devops* azure_event_hub azure_function azure_service_bus* backbone_plm
    ballotready bamboohr bazaarvoice betterworks big_commerce bigin_by_zoho_crm* bigmarker
    billing_platform* bing_webmaster_tools bingads* birdeye bitly bizzabo_app boostr braintree
    braintree_sandbox branch braze breathe_hr brevo brex brightcove brightflag brightpearl* brivo
    buildium buildkite business_central* bynder* cabcharge calabrio calcom calendly* callrail
    campaignmonitor campfire canny canvas_by_instructure* captivateiq care_quality_commission
    castor_edc centra ceridian_dayforce chameleon chargebee_product_catalog_1 charthop chartmogul
    checkout checkr chorusai churnkey churnzero cimis cin7 cin7core circle_community_platform
    circleci cj_commission_detail clari claude_compliance clazar clickup clockify clockodo close
    cloudbeds* cloudfront cloudtalk coalesce coassemble coda codefresh collibra column commercetools
    compliance_checkpoint concord concur confluence confluent_cloud* connector_sdk
    consensus_demo_automation_platform constant_contact* contrast_security convex copper cornerstone
    coupa credly criteo crossbeam* crowddev crunchbase cube_software* culture_amp customerio cvent
    d2l_brightspace* datadog datastreamer_source dbt_cloud dcl_logistics deel delighted deposco
    deputy device_magic dialpad* discourse dixa docebo* donus doorloop drata drift* drip dsv*
    dutchie dynamics_365* dynamodb easypost ebay* economic elastic_cloud*
    electronic_tenant_solutions eloqua employment_hero* es_self_hosted* eventbrite everhour
    exact_online* expensein expensify ezofficeinventory facebook_ads* facebook_pages* factbird
    factorial fathom fillout* firebase fireflies firehydrant fivetran_log flexport float
    flywheel_digital fone_dynamics forethought formstack* fortnox* fountain fourkites freightview
    freshbooks* freshchat freshdesk freshsales freshservice freshteam friendbuy front* fulfil
    fullstory g2 gainsight_customer_success* gainsight_product_experience gem genesys getfeedback
    github gitlab* gladly globalmeet gmail* gocardless gofundme_pro goldcast gongio google_ads*
    google_analytics_4* google_analytics_4_export google_business_profile* google_calendar*
    google_cloud_function google_play* google_search_ads_360* google_search_console*
    google_tag_manager* google_tasks* gorgias green_power_monitor greenhouse grepsr guru h_level
    harvest healthie heap heartland_retail_pos* helpdesk* helpjuice helpscout* helpshift
    heroku_kafka hex hibob higher_logic_vanilla hilti_ontrack hopin hubspot* ibacos ilevel impact
    impact_partner incidentio infobip insightly instagram_business* integral_ad_science integrate
    intercom* invoiced ironclad* ironclad_clickwrap ironsource iterable itunes_connect ivanti jamf
    jira jobnimbus jotform kandji katana kevel keypay khoros_care khoros_communities*
    khoros_marketing kisi kissmetrics klarna klaviyo konnect_insights kustomer lattice launchdarkly
    leap_crm leapsome learn_amp leave_dates lemlist lessonly lever liftoff light_speed_retail
    lightspeed_retail_xseries* line_ads linear linkedin_ads* linkedin_company_pages* linksquares
    listen360 livestorm lob loop loopio lucca luma mailchimp maileon mailgun mailjet maintainx
    malomo mambu mandrill marin marketo matomo mavenlink maxio_chargify maxio_saasoptics medallia*
    medallia_agile_research megaphone mention* microsoft_dynamics_365_fno* microsoft_entra_id
    microsoft_lists* microsoft_power_bi microsoft_teams missive mode mollie moloco monday mountain
    mux myosh namely* national_heavy_vehicle_regulator netsuite_suiteanalytics nice notion* nylas
    odoo* okendo okta ometria on24 oncehub one_drive* onetrust open_exchange_rates openai
    openai_compliance_platform opendistro opensearch optimizely* oracle_fusion_field_service
    oracle_moat_analytics oracle_netsuite_openair* oracle_sap_hva_netweaver orbit ordergroove ordway
    ortto outbrain outreach* packiyo pagerduty pandadoc papershift parcellab pardot* pardot_sandbox*
    partnerize partnerstack_vendor paychex paylocity paypal paypal_sandbox pendo peopleforce persona
    personio phoenix_ads picqer pigment pingdom pinpoint pinterest_ads* pinterest_organic* pipe17
    pipedrive* pivotal_tracker piwik_pro placerai planetscale planful planhat playvox
    playvox_workforce_management podio poplar posthog postmark power_reviews_enterprise prisma_cloud
    prive procore productboard productive profound proofpoint_security_awareness prosperstack
    purple_dot pylon_support_platform qmatic_data_connect qualaroo qualtrics* quickbooks* quora_ads*
    quorum rakutenadvertising ramp* rarible rebound_returns recharge recurly reddit_ads* refiner
    reltio replyio resource_management_by_smartsheet retailnext retently revel revenuecat reviewsio
    revx ricochet360 ringcentral* ringover rippling rithum* rivo rocketlane rokt rootly rtb_house
    ruddr rundeck safetyculture sage_hr sage_intacct sailthru salesforce* salesforce_commerce_cloud*
    salesforce_marketing_cloud salesforce_sandbox* salesloft* salsify samsara sana
    sap_business_by_design sap_success_factors scorm security_journey segment sendgrid sentry
    servicenow servicetitan servicetrade sevdesk shareasale sharetribe shipmonk shipnetwork
    shipstation shopify* shopware shortcut shortio showpad* siemens_building_x_openness
    sigma_computing_source simplecast simplesat singlestore_source skilljar skillstx skimlinks
    skuvault slab slack_admin_data slack_app smadex smarthr smartrecruiters smartsheet* smartwaiver
    snapchat_ads* snowplow snyk solarwinds_service_desk sonarqube sparkpost splash splitio splunk
    spotify_ads* sprout square squarespace stackadapt_graphql standard_metrics starrez
    statistics_netherlands_cbs statsig statuspage stickyio stripe stripe_test stylight subscript
    survey_monkey* survicate swoogo tableau_source taboola talkdesk talkwalker teads teamwork tempo*
    testrail textus the_movie_database the_trade_desk thinkific* ticket_tailor tiktok_ads*
    tiktok_organic tiktok_organic_app* toggl_track totango tracksuit_source transcend trelica trello
    tremendous* triple_whale trisolute trustpilot twilio twitter* twitter_ads* tymeshift typeform*
    udemy_business ukg_pro ukg_pro_workforce_management unicommerce upland uppromote uptempo
    uservoice validio veeqo veeva_vault venminder vimeo* visit_by_ges visma vitally
    vonage_contact_center vts vwo walmart_dsp walmart_marketplace web_scraper webconnex when_i_work
    wicked_reports woocommerce workable workday_adaptive workday_financial_management* workday_hcm*
    workday_strategic_sourcing workramp wrike* writesonic xactly xandr xero xray xsolla
    yahoo_display_ads_on_yahoo_japan* yahoo_dsp* yahoo_gemini* yahoo_search_ads_yahoo_japan* yext
    yotpo* yougov_brandindex yougov_sport younium youtube_analytics* zendesk* zendesk_chat*
    zendesk_sell* zendesk_sunshine zendesk_workforce_management zenefits zingtree zip zoho_books*
    zoho_campaigns* zoho_crm* zoho_desk* zoho_inventory* zoho_people* zoho_recruit* zonka_feedback
    zoom* zuora zuora_sandbox`,
  schema_table: `
    adroll* akamai akeneo algolia amazon_dsp* assembled aws_cost_report brave_ads buzzsprout
    canvas_data_2_by_instructure chargebee_product_catalog_2 chargedesk cloudflare_analytics
    clubspeed criteo_retail_media destini double_click_campaign_manager* double_click_publishers*
    dropbox_sign duoplane eventsforce everflow forj_community freshdesk_contact_center freshsuccess
    google_classroom* google_display_and_video_360* google_sheets* grin happyfox jama_software
    jibble justcall kinesis learnupon livechat_partner looker_source mixmax mixpanel navan
    open_data_dc paddle referralhero reviewsai revops rollbar safebase shiphero sistrix slack
    sugarcrm teamtailor tive webhooks wherefour wordpress* workleap_officevibe`,
  schema_prefix: `
    airtable* aurora aurora_postgres azure_cosmos_for_mongo azure_postgres azure_sql_db*
    azure_sql_managed_db* bigquery_db cockroachdb cosmos databricks_db db2i_hva db2i_sap_hva db2luw
    db2z documentdb epic_clarity google_cloud_mysql google_cloud_postgresql google_cloud_sqlserver
    heroku_postgres magento_mysql magento_mysql_rds maria maria_azure maria_rds mongo mongo_sharded
    mysql mysql_azure mysql_rds oracle oracle_business_intelligence_publisher oracle_ebs
    oracle_fusion_cloud_apps_crm oracle_fusion_cloud_apps_fscm oracle_fusion_cloud_apps_hcm
    oracle_hva oracle_rac oracle_rds oracle_sap_hva postgres postgres_rds sap_hana_db snowflake_db
    sql_server sql_server_hva sql_server_rds sql_server_sap_ecc_hva`,
  schema_table_group: `
    azure_blob_storage* box dropbox* email ftp gcs google_drive guidewire_cloud_data_access s3
    s3_compatible_storage sftp share_point* workday*`,
}

interface Service {
  readonly family: NamingFamily
  readonly auth: 'OAUTH' | 'KEYS'
}

const parseNames = (text: string) => text.trim().split(/\s+/)

const byName: ReadonlyMap<string, Service> = new Map(
  (['schema', 'schema_table', 'schema_prefix', 'schema_table_group'] as const).flatMap((family) =>
    parseNames(services[family]).map((name): [string, Service] =>
      name.endsWith('*') ? [name.slice(0, -1), { family, auth: 'OAUTH' }] : [name, { family, auth: 'KEYS' }],
    ),
  ),
)

/** An unlisted service is assumed to belong to the largest family (654 of 773 services). */
export const namingFamily = (service: string): NamingFamily => byName.get(service)?.family ?? 'schema'

export const serviceAuth = (service: string): 'OAUTH' | 'KEYS' | 'UNKNOWN' =>
  byName.get(service)?.auth ?? 'UNKNOWN'

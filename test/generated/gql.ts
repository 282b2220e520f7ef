/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query ApiKeys($first: Int, $after: String) {\n  apiKeys(first: $first, after: $after) {\n    totalCount\n    nodes { id name scopes createdAt createdBy expiresAt previousExpiresAt lastUsedAt revokedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n": typeof types.ApiKeysDocument,
    "query Application($slug: String!) {\n  application(slug: $slug) {\n    id slug name description logoUrl categories linkable\n    bestOffer { key name directions provider { key name } }\n    offers { key name directions linkable provider { key name } }\n  }\n}\n": typeof types.ApplicationDocument,
    "query Applications($search: String, $category: String, $linkableOnly: Boolean, $first: Int, $after: String) {\n  applications(search: $search, category: $category, linkableOnly: $linkableOnly, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes {\n      id slug name description logoUrl categories linkable\n      bestOffer { key name directions provider { key name } }\n    }\n  }\n}\n": typeof types.ApplicationsDocument,
    "mutation CancelConnectLinkAttempt($id: ID!) {\n  cancelConnectLinkAttempt(id: $id) {\n    __typename\n    ... on CancelConnectLinkAttemptPayload { connectLink { id status lastFailure { code message } } }\n    ... on Error { code message }\n  }\n}\n": typeof types.CancelConnectLinkAttemptDocument,
    "mutation ClaimConnectLink($id: ID!) {\n  claimConnectLink(id: $id) {\n    __typename\n    ... on ClaimConnectLinkPayload { claim expiresAt connectLink { id url } }\n    ... on Error { code message }\n  }\n}\n": typeof types.ClaimConnectLinkDocument,
    "mutation OpenConnectCancel($id: ID!) {\n  result: cancelConnectLinkAttempt(id: $id) {\n    __typename\n    ... on Error { code message }\n  }\n}\n": typeof types.OpenConnectCancelDocument,
    "mutation OpenConnectClaim($id: ID!) {\n  result: claimConnectLink(id: $id) {\n    __typename\n    ... on ClaimConnectLinkPayload { claim }\n    ... on Error { code message }\n  }\n}\n": typeof types.OpenConnectClaimDocument,
    "mutation OpenConnectCreate($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  result: createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { link: connectLink {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n    } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": typeof types.OpenConnectCreateDocument,
    "query OpenConnectLink($id: ID!) {\n  result: connectLink(id: $id) {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n  }\n}\n": typeof types.OpenConnectLinkDocument,
    "mutation OpenConnectReconnect($id: ID!, $input: ReconnectConnectionInput) {\n  result: reconnectConnection(id: $id, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { link: connectLink {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n    } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": typeof types.OpenConnectReconnectDocument,
    "subscription OpenConnectUpdates($id: ID) {\n  result: connectLinkUpdated(id: $id) {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n  }\n}\n": typeof types.OpenConnectUpdatesDocument,
    "mutation ConfirmConnectLink($id: ID!, $code: String, $codeVerifier: String) {\n  confirmConnectLink(id: $id, code: $code, codeVerifier: $codeVerifier) {\n    __typename\n    ... on ConfirmConnectLinkPayload { connectLink { id status connection { id } } }\n    ... on InvalidInputError { issues { path message } }\n    ... on ConflictError { attemptsLeft }\n    ... on Error { code message }\n  }\n}\n": typeof types.ConfirmConnectLinkDocument,
    "subscription ConnectLinkUpdated($id: ID) {\n  connectLinkUpdated(id: $id) { id status awaitingConfirmation connection { id status } history { to source at } }\n}\n": typeof types.ConnectLinkUpdatedDocument,
    "query ConnectLink($id: ID!) {\n  connectLink(id: $id) {\n    id status url expiresAt awaitingConfirmation confirmationExpiresAt\n    connection { id status health { code } connector { name } }\n    history { from to at source reason }\n  }\n}\n": typeof types.ConnectLinkDocument,
    "query Connections($filter: ConnectionFilter, $first: Int, $after: String) {\n  connections(filter: $filter, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes {\n      id name remoteId status connectorKey direction createdAt lastCheckedAt\n      health { code message since }\n      endUser { id }\n      provider { key name status }\n      connector { key name logoUrl auth }\n    }\n  }\n}\n": typeof types.ConnectionsDocument,
    "query Connectors($search: String, $providers: [ProviderKey!], $direction: Direction, $first: Int, $after: String) {\n  connectors(search: $search, providers: $providers, direction: $direction, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes { id key name description logoUrl categories directions auth linkable provider { key } }\n  }\n}\n": typeof types.ConnectorsDocument,
    "mutation CreateApiKey($input: CreateApiKeyInput!) {\n  createApiKey(input: $input) {\n    __typename\n    ... on CreateApiKeyPayload { apiKey { id name scopes createdAt expiresAt } key }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": typeof types.CreateApiKeyDocument,
    "mutation CreateConnectLinkWithSelection($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload {\n      replayed\n      warnings { path code message }\n      connectLink {\n        id connectorKey status url expiresAt\n        provider { key name status }\n      }\n      selection {\n        chosen connectorKey reason\n        rejected { provider reason }\n      }\n    }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n    ... on ProviderError { provider retryable retryAfterSeconds }\n    ... on UnsupportedError { provider }\n  }\n}\n": typeof types.CreateConnectLinkWithSelectionDocument,
    "mutation CreateConnectLink($provider: ProviderKey!, $input: CreateConnectLinkInput!) {\n  createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload {\n      replayed\n      warnings { path code message }\n      connectLink { ...Link }\n    }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n    ... on ProviderError { provider retryable retryAfterSeconds providerErrorCode providerRequestId }\n  }\n}\nfragment Link on ConnectLink {\n  id status purpose url providerUrl expiresAt expirySource embeddable requiresProviderLogin instructions\n  connectorKey direction createdAt\n  provider { key name status }\n  connector { key name logoUrl }\n  endUser { id name email }\n  connection { id status remoteId }\n  tags { key value }\n  history { from to at source reason }\n}\n": typeof types.CreateConnectLinkDocument,
    "mutation CreatePortalSession($input: CreateSessionInput!) {\n  createSession(input: $input) {\n    __typename\n    ... on CreateSessionPayload { token portalUrl expiresAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": typeof types.CreatePortalSessionDocument,
    "mutation CreateProviderAccount($input: CreateProviderAccountInput!) {\n  createProviderAccount(input: $input) {\n    __typename\n    ... on CreateProviderAccountPayload { providerAccount { id organizationId name status settingNames createdAt verifiedAt provider { key } } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": typeof types.CreateProviderAccountDocument,
    "mutation CreateSession($input: CreateSessionInput!) {\n  createSession(input: $input) {\n    __typename\n    ... on CreateSessionPayload { token expiresAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": typeof types.CreateSessionDocument,
    "mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n  createWebhookEndpoint(input: $input) {\n    __typename\n    ... on CreateWebhookEndpointPayload {\n      secret\n      webhookEndpoint {\n        id\n        url\n        eventTypes\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}\n": typeof types.CreateWebhookEndpointDocument,
    "mutation DeleteWebhookEndpoint($id: ID!) {\n  deleteWebhookEndpoint(id: $id) {\n    __typename\n    ... on DeleteWebhookEndpointPayload {\n      webhookEndpoint {\n        id\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": typeof types.DeleteWebhookEndpointDocument,
    "mutation DisconnectConnection($id: ID!) {\n  disconnectConnection(id: $id) {\n    __typename\n    ... on DisconnectConnectionPayload { removedAtProvider connection { id status } }\n    ... on Error { code message }\n  }\n}\n": typeof types.DisconnectConnectionDocument,
    "mutation HandOverConnectLink($id: ID!, $input: HandOverConnectLinkInput) {\n  handOverConnectLink(id: $id, input: $input) {\n    __typename\n    ... on HandOverConnectLinkPayload { url connectLink { id url handOver { state expiresAt } } }\n    ... on InvalidInputError { issues { path message } }\n    ... on Error { code message }\n  }\n}\n": typeof types.HandOverConnectLinkDocument,
    "query PlanConnectLink($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  planConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on PlanConnectLinkPayload { selection { chosen connectorKey reason rejected { provider reason } } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": typeof types.PlanConnectLinkDocument,
    "query ProviderAccounts($filter: ProviderAccountFilter, $first: Int, $after: String) {\n  providerAccounts(filter: $filter, first: $first, after: $after) {\n    totalCount\n    nodes { id organizationId name status settingNames createdAt updatedAt verifiedAt provider { key name } }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n": typeof types.ProviderAccountsDocument,
    "query Providers {\n  viewer { kind name scopes }\n  providers {\n    id key name status sandbox\n    capabilities { directions successRedirect errorRedirect embeddable reconnect revokeLink disconnect completion linkLifetimeSeconds { default min max } }\n  }\n}\n": typeof types.ProvidersDocument,
    "mutation ReconnectConnection($id: ID!, $input: ReconnectConnectionInput) {\n  reconnectConnection(id: $id, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { connectLink { id status purpose url connection { id status } } }\n    ... on Error { code message }\n  }\n}\n": typeof types.ReconnectConnectionDocument,
    "mutation RedeliverWebhook($id: ID, $endpointId: ID, $since: DateTime) {\n  redeliverWebhook(id: $id, endpointId: $endpointId, since: $since) {\n    __typename\n    ... on RedeliverWebhookPayload {\n      count\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": typeof types.RedeliverWebhookDocument,
    "mutation RefreshConnection($id: ID!) {\n  refreshConnection(id: $id) {\n    __typename\n    ... on RefreshConnectionPayload { connection { id status health { code message } lastCheckedAt } }\n    ... on Error { code message }\n  }\n}\n": typeof types.RefreshConnectionDocument,
    "mutation RemoveProviderAccount($id: ID!) {\n  removeProviderAccount(id: $id) {\n    __typename\n    ... on RemoveProviderAccountPayload { providerAccount { id organizationId name status } }\n    ... on Error { code message }\n  }\n}\n": typeof types.RemoveProviderAccountDocument,
    "mutation RevokeApiKey($id: ID!) {\n  revokeApiKey(id: $id) {\n    __typename\n    ... on RevokeApiKeyPayload { apiKey { id name revokedAt } }\n    ... on NotFoundError { code message }\n  }\n}\n": typeof types.RevokeApiKeyDocument,
    "mutation RevokeConnectLink($id: ID!) {\n  revokeConnectLink(id: $id) {\n    __typename\n    ... on RevokeConnectLinkPayload { revokedAtProvider connectLink { id status url } }\n    ... on Error { code message }\n  }\n}\n": typeof types.RevokeConnectLinkDocument,
    "mutation RevokeSessions($endUserId: String!) {\n  revokeSessions(endUserId: $endUserId) {\n    __typename\n    ... on RevokeSessionsPayload { revokedAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": typeof types.RevokeSessionsDocument,
    "mutation RotateApiKey($id: ID!, $overlapSeconds: Int) {\n  rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) {\n    __typename\n    ... on RotateApiKeyPayload { apiKey { id name scopes expiresAt previousExpiresAt } key }\n    ... on InvalidInputError { issues { path message } }\n    ... on Error { code message }\n  }\n}\n": typeof types.RotateApiKeyDocument,
    "mutation RotateProviderAccount($id: ID!, $settings: [ProviderSettingInput!]!) {\n  rotateProviderAccount(id: $id, settings: $settings) {\n    __typename\n    ... on RotateProviderAccountPayload { providerAccount { id status settingNames createdAt updatedAt verifiedAt } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": typeof types.RotateProviderAccountDocument,
    "mutation RotateWebhookSecret($id: ID!, $overlapSeconds: Int) {\n  rotateWebhookSecret(id: $id, overlapSeconds: $overlapSeconds) {\n    __typename\n    ... on RotateWebhookSecretPayload {\n      secret\n      webhookEndpoint {\n        id\n        previousSecretExpiresAt\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": typeof types.RotateWebhookSecretDocument,
    "mutation SendTestWebhook($endpointId: ID!) {\n  sendTestWebhook(endpointId: $endpointId) {\n    __typename\n    ... on SendTestWebhookPayload {\n      webhookMessage {\n        id\n        messageId\n        state\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": typeof types.SendTestWebhookDocument,
    "mutation TakeBackConnectLink($id: ID!) {\n  takeBackConnectLink(id: $id) {\n    __typename\n    ... on TakeBackConnectLinkPayload { connectLink { id status handOver { state } } }\n    ... on Error { code message }\n  }\n}\n": typeof types.TakeBackConnectLinkDocument,
    "mutation UpdateWebhookEndpoint($id: ID!, $input: UpdateWebhookEndpointInput!) {\n  updateWebhookEndpoint(id: $id, input: $input) {\n    __typename\n    ... on UpdateWebhookEndpointPayload {\n      webhookEndpoint {\n        id\n        url\n        eventTypes\n        disabledAt\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": typeof types.UpdateWebhookEndpointDocument,
    "query WebhookEndpoints {\n  webhookEndpoints {\n    id\n    url\n    description\n    eventTypes\n    thin\n    isFromEnvironment\n    disabledAt\n    disabledReason\n    failingSince\n    createdAt\n  }\n}\n": typeof types.WebhookEndpointsDocument,
    "query WebhookMessages($endpointId: ID!, $states: [WebhookMessageState!], $first: Int, $after: String) {\n  node(id: $endpointId) {\n    ... on WebhookEndpoint {\n      messages(states: $states, first: $first, after: $after) {\n        nodes {\n          id\n          messageId\n          type\n          state\n          attempts\n          createdAt\n          nextAttemptAt\n          lastAttemptAt\n          lastStatus\n          lastError\n          lastDurationMs\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n}\n": typeof types.WebhookMessagesDocument,
};
const documents: Documents = {
    "query ApiKeys($first: Int, $after: String) {\n  apiKeys(first: $first, after: $after) {\n    totalCount\n    nodes { id name scopes createdAt createdBy expiresAt previousExpiresAt lastUsedAt revokedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n": types.ApiKeysDocument,
    "query Application($slug: String!) {\n  application(slug: $slug) {\n    id slug name description logoUrl categories linkable\n    bestOffer { key name directions provider { key name } }\n    offers { key name directions linkable provider { key name } }\n  }\n}\n": types.ApplicationDocument,
    "query Applications($search: String, $category: String, $linkableOnly: Boolean, $first: Int, $after: String) {\n  applications(search: $search, category: $category, linkableOnly: $linkableOnly, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes {\n      id slug name description logoUrl categories linkable\n      bestOffer { key name directions provider { key name } }\n    }\n  }\n}\n": types.ApplicationsDocument,
    "mutation CancelConnectLinkAttempt($id: ID!) {\n  cancelConnectLinkAttempt(id: $id) {\n    __typename\n    ... on CancelConnectLinkAttemptPayload { connectLink { id status lastFailure { code message } } }\n    ... on Error { code message }\n  }\n}\n": types.CancelConnectLinkAttemptDocument,
    "mutation ClaimConnectLink($id: ID!) {\n  claimConnectLink(id: $id) {\n    __typename\n    ... on ClaimConnectLinkPayload { claim expiresAt connectLink { id url } }\n    ... on Error { code message }\n  }\n}\n": types.ClaimConnectLinkDocument,
    "mutation OpenConnectCancel($id: ID!) {\n  result: cancelConnectLinkAttempt(id: $id) {\n    __typename\n    ... on Error { code message }\n  }\n}\n": types.OpenConnectCancelDocument,
    "mutation OpenConnectClaim($id: ID!) {\n  result: claimConnectLink(id: $id) {\n    __typename\n    ... on ClaimConnectLinkPayload { claim }\n    ... on Error { code message }\n  }\n}\n": types.OpenConnectClaimDocument,
    "mutation OpenConnectCreate($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  result: createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { link: connectLink {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n    } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": types.OpenConnectCreateDocument,
    "query OpenConnectLink($id: ID!) {\n  result: connectLink(id: $id) {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n  }\n}\n": types.OpenConnectLinkDocument,
    "mutation OpenConnectReconnect($id: ID!, $input: ReconnectConnectionInput) {\n  result: reconnectConnection(id: $id, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { link: connectLink {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n    } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": types.OpenConnectReconnectDocument,
    "subscription OpenConnectUpdates($id: ID) {\n  result: connectLinkUpdated(id: $id) {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n  }\n}\n": types.OpenConnectUpdatesDocument,
    "mutation ConfirmConnectLink($id: ID!, $code: String, $codeVerifier: String) {\n  confirmConnectLink(id: $id, code: $code, codeVerifier: $codeVerifier) {\n    __typename\n    ... on ConfirmConnectLinkPayload { connectLink { id status connection { id } } }\n    ... on InvalidInputError { issues { path message } }\n    ... on ConflictError { attemptsLeft }\n    ... on Error { code message }\n  }\n}\n": types.ConfirmConnectLinkDocument,
    "subscription ConnectLinkUpdated($id: ID) {\n  connectLinkUpdated(id: $id) { id status awaitingConfirmation connection { id status } history { to source at } }\n}\n": types.ConnectLinkUpdatedDocument,
    "query ConnectLink($id: ID!) {\n  connectLink(id: $id) {\n    id status url expiresAt awaitingConfirmation confirmationExpiresAt\n    connection { id status health { code } connector { name } }\n    history { from to at source reason }\n  }\n}\n": types.ConnectLinkDocument,
    "query Connections($filter: ConnectionFilter, $first: Int, $after: String) {\n  connections(filter: $filter, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes {\n      id name remoteId status connectorKey direction createdAt lastCheckedAt\n      health { code message since }\n      endUser { id }\n      provider { key name status }\n      connector { key name logoUrl auth }\n    }\n  }\n}\n": types.ConnectionsDocument,
    "query Connectors($search: String, $providers: [ProviderKey!], $direction: Direction, $first: Int, $after: String) {\n  connectors(search: $search, providers: $providers, direction: $direction, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes { id key name description logoUrl categories directions auth linkable provider { key } }\n  }\n}\n": types.ConnectorsDocument,
    "mutation CreateApiKey($input: CreateApiKeyInput!) {\n  createApiKey(input: $input) {\n    __typename\n    ... on CreateApiKeyPayload { apiKey { id name scopes createdAt expiresAt } key }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": types.CreateApiKeyDocument,
    "mutation CreateConnectLinkWithSelection($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload {\n      replayed\n      warnings { path code message }\n      connectLink {\n        id connectorKey status url expiresAt\n        provider { key name status }\n      }\n      selection {\n        chosen connectorKey reason\n        rejected { provider reason }\n      }\n    }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n    ... on ProviderError { provider retryable retryAfterSeconds }\n    ... on UnsupportedError { provider }\n  }\n}\n": types.CreateConnectLinkWithSelectionDocument,
    "mutation CreateConnectLink($provider: ProviderKey!, $input: CreateConnectLinkInput!) {\n  createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload {\n      replayed\n      warnings { path code message }\n      connectLink { ...Link }\n    }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n    ... on ProviderError { provider retryable retryAfterSeconds providerErrorCode providerRequestId }\n  }\n}\nfragment Link on ConnectLink {\n  id status purpose url providerUrl expiresAt expirySource embeddable requiresProviderLogin instructions\n  connectorKey direction createdAt\n  provider { key name status }\n  connector { key name logoUrl }\n  endUser { id name email }\n  connection { id status remoteId }\n  tags { key value }\n  history { from to at source reason }\n}\n": types.CreateConnectLinkDocument,
    "mutation CreatePortalSession($input: CreateSessionInput!) {\n  createSession(input: $input) {\n    __typename\n    ... on CreateSessionPayload { token portalUrl expiresAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": types.CreatePortalSessionDocument,
    "mutation CreateProviderAccount($input: CreateProviderAccountInput!) {\n  createProviderAccount(input: $input) {\n    __typename\n    ... on CreateProviderAccountPayload { providerAccount { id organizationId name status settingNames createdAt verifiedAt provider { key } } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": types.CreateProviderAccountDocument,
    "mutation CreateSession($input: CreateSessionInput!) {\n  createSession(input: $input) {\n    __typename\n    ... on CreateSessionPayload { token expiresAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": types.CreateSessionDocument,
    "mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n  createWebhookEndpoint(input: $input) {\n    __typename\n    ... on CreateWebhookEndpointPayload {\n      secret\n      webhookEndpoint {\n        id\n        url\n        eventTypes\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}\n": types.CreateWebhookEndpointDocument,
    "mutation DeleteWebhookEndpoint($id: ID!) {\n  deleteWebhookEndpoint(id: $id) {\n    __typename\n    ... on DeleteWebhookEndpointPayload {\n      webhookEndpoint {\n        id\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": types.DeleteWebhookEndpointDocument,
    "mutation DisconnectConnection($id: ID!) {\n  disconnectConnection(id: $id) {\n    __typename\n    ... on DisconnectConnectionPayload { removedAtProvider connection { id status } }\n    ... on Error { code message }\n  }\n}\n": types.DisconnectConnectionDocument,
    "mutation HandOverConnectLink($id: ID!, $input: HandOverConnectLinkInput) {\n  handOverConnectLink(id: $id, input: $input) {\n    __typename\n    ... on HandOverConnectLinkPayload { url connectLink { id url handOver { state expiresAt } } }\n    ... on InvalidInputError { issues { path message } }\n    ... on Error { code message }\n  }\n}\n": types.HandOverConnectLinkDocument,
    "query PlanConnectLink($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  planConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on PlanConnectLinkPayload { selection { chosen connectorKey reason rejected { provider reason } } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": types.PlanConnectLinkDocument,
    "query ProviderAccounts($filter: ProviderAccountFilter, $first: Int, $after: String) {\n  providerAccounts(filter: $filter, first: $first, after: $after) {\n    totalCount\n    nodes { id organizationId name status settingNames createdAt updatedAt verifiedAt provider { key name } }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n": types.ProviderAccountsDocument,
    "query Providers {\n  viewer { kind name scopes }\n  providers {\n    id key name status sandbox\n    capabilities { directions successRedirect errorRedirect embeddable reconnect revokeLink disconnect completion linkLifetimeSeconds { default min max } }\n  }\n}\n": types.ProvidersDocument,
    "mutation ReconnectConnection($id: ID!, $input: ReconnectConnectionInput) {\n  reconnectConnection(id: $id, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { connectLink { id status purpose url connection { id status } } }\n    ... on Error { code message }\n  }\n}\n": types.ReconnectConnectionDocument,
    "mutation RedeliverWebhook($id: ID, $endpointId: ID, $since: DateTime) {\n  redeliverWebhook(id: $id, endpointId: $endpointId, since: $since) {\n    __typename\n    ... on RedeliverWebhookPayload {\n      count\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": types.RedeliverWebhookDocument,
    "mutation RefreshConnection($id: ID!) {\n  refreshConnection(id: $id) {\n    __typename\n    ... on RefreshConnectionPayload { connection { id status health { code message } lastCheckedAt } }\n    ... on Error { code message }\n  }\n}\n": types.RefreshConnectionDocument,
    "mutation RemoveProviderAccount($id: ID!) {\n  removeProviderAccount(id: $id) {\n    __typename\n    ... on RemoveProviderAccountPayload { providerAccount { id organizationId name status } }\n    ... on Error { code message }\n  }\n}\n": types.RemoveProviderAccountDocument,
    "mutation RevokeApiKey($id: ID!) {\n  revokeApiKey(id: $id) {\n    __typename\n    ... on RevokeApiKeyPayload { apiKey { id name revokedAt } }\n    ... on NotFoundError { code message }\n  }\n}\n": types.RevokeApiKeyDocument,
    "mutation RevokeConnectLink($id: ID!) {\n  revokeConnectLink(id: $id) {\n    __typename\n    ... on RevokeConnectLinkPayload { revokedAtProvider connectLink { id status url } }\n    ... on Error { code message }\n  }\n}\n": types.RevokeConnectLinkDocument,
    "mutation RevokeSessions($endUserId: String!) {\n  revokeSessions(endUserId: $endUserId) {\n    __typename\n    ... on RevokeSessionsPayload { revokedAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n": types.RevokeSessionsDocument,
    "mutation RotateApiKey($id: ID!, $overlapSeconds: Int) {\n  rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) {\n    __typename\n    ... on RotateApiKeyPayload { apiKey { id name scopes expiresAt previousExpiresAt } key }\n    ... on InvalidInputError { issues { path message } }\n    ... on Error { code message }\n  }\n}\n": types.RotateApiKeyDocument,
    "mutation RotateProviderAccount($id: ID!, $settings: [ProviderSettingInput!]!) {\n  rotateProviderAccount(id: $id, settings: $settings) {\n    __typename\n    ... on RotateProviderAccountPayload { providerAccount { id status settingNames createdAt updatedAt verifiedAt } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n": types.RotateProviderAccountDocument,
    "mutation RotateWebhookSecret($id: ID!, $overlapSeconds: Int) {\n  rotateWebhookSecret(id: $id, overlapSeconds: $overlapSeconds) {\n    __typename\n    ... on RotateWebhookSecretPayload {\n      secret\n      webhookEndpoint {\n        id\n        previousSecretExpiresAt\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": types.RotateWebhookSecretDocument,
    "mutation SendTestWebhook($endpointId: ID!) {\n  sendTestWebhook(endpointId: $endpointId) {\n    __typename\n    ... on SendTestWebhookPayload {\n      webhookMessage {\n        id\n        messageId\n        state\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": types.SendTestWebhookDocument,
    "mutation TakeBackConnectLink($id: ID!) {\n  takeBackConnectLink(id: $id) {\n    __typename\n    ... on TakeBackConnectLinkPayload { connectLink { id status handOver { state } } }\n    ... on Error { code message }\n  }\n}\n": types.TakeBackConnectLinkDocument,
    "mutation UpdateWebhookEndpoint($id: ID!, $input: UpdateWebhookEndpointInput!) {\n  updateWebhookEndpoint(id: $id, input: $input) {\n    __typename\n    ... on UpdateWebhookEndpointPayload {\n      webhookEndpoint {\n        id\n        url\n        eventTypes\n        disabledAt\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n": types.UpdateWebhookEndpointDocument,
    "query WebhookEndpoints {\n  webhookEndpoints {\n    id\n    url\n    description\n    eventTypes\n    thin\n    isFromEnvironment\n    disabledAt\n    disabledReason\n    failingSince\n    createdAt\n  }\n}\n": types.WebhookEndpointsDocument,
    "query WebhookMessages($endpointId: ID!, $states: [WebhookMessageState!], $first: Int, $after: String) {\n  node(id: $endpointId) {\n    ... on WebhookEndpoint {\n      messages(states: $states, first: $first, after: $after) {\n        nodes {\n          id\n          messageId\n          type\n          state\n          attempts\n          createdAt\n          nextAttemptAt\n          lastAttemptAt\n          lastStatus\n          lastError\n          lastDurationMs\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n}\n": types.WebhookMessagesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ApiKeys($first: Int, $after: String) {\n  apiKeys(first: $first, after: $after) {\n    totalCount\n    nodes { id name scopes createdAt createdBy expiresAt previousExpiresAt lastUsedAt revokedAt }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n"): typeof import('./graphql.js').ApiKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Application($slug: String!) {\n  application(slug: $slug) {\n    id slug name description logoUrl categories linkable\n    bestOffer { key name directions provider { key name } }\n    offers { key name directions linkable provider { key name } }\n  }\n}\n"): typeof import('./graphql.js').ApplicationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Applications($search: String, $category: String, $linkableOnly: Boolean, $first: Int, $after: String) {\n  applications(search: $search, category: $category, linkableOnly: $linkableOnly, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes {\n      id slug name description logoUrl categories linkable\n      bestOffer { key name directions provider { key name } }\n    }\n  }\n}\n"): typeof import('./graphql.js').ApplicationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CancelConnectLinkAttempt($id: ID!) {\n  cancelConnectLinkAttempt(id: $id) {\n    __typename\n    ... on CancelConnectLinkAttemptPayload { connectLink { id status lastFailure { code message } } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').CancelConnectLinkAttemptDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ClaimConnectLink($id: ID!) {\n  claimConnectLink(id: $id) {\n    __typename\n    ... on ClaimConnectLinkPayload { claim expiresAt connectLink { id url } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').ClaimConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation OpenConnectCancel($id: ID!) {\n  result: cancelConnectLinkAttempt(id: $id) {\n    __typename\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').OpenConnectCancelDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation OpenConnectClaim($id: ID!) {\n  result: claimConnectLink(id: $id) {\n    __typename\n    ... on ClaimConnectLinkPayload { claim }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').OpenConnectClaimDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation OpenConnectCreate($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  result: createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { link: connectLink {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n    } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').OpenConnectCreateDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query OpenConnectLink($id: ID!) {\n  result: connectLink(id: $id) {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n  }\n}\n"): typeof import('./graphql.js').OpenConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation OpenConnectReconnect($id: ID!, $input: ReconnectConnectionInput) {\n  result: reconnectConnection(id: $id, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { link: connectLink {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n    } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').OpenConnectReconnectDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription OpenConnectUpdates($id: ID) {\n  result: connectLinkUpdated(id: $id) {\n      id status url embeddable guard awaitingConfirmation\n      lastFailure { code message at }\n      handOver { state }\n      connection { id name status connectorKey createdAt provider { key name } connector { key name logoUrl } }\n  }\n}\n"): typeof import('./graphql.js').OpenConnectUpdatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ConfirmConnectLink($id: ID!, $code: String, $codeVerifier: String) {\n  confirmConnectLink(id: $id, code: $code, codeVerifier: $codeVerifier) {\n    __typename\n    ... on ConfirmConnectLinkPayload { connectLink { id status connection { id } } }\n    ... on InvalidInputError { issues { path message } }\n    ... on ConflictError { attemptsLeft }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').ConfirmConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription ConnectLinkUpdated($id: ID) {\n  connectLinkUpdated(id: $id) { id status awaitingConfirmation connection { id status } history { to source at } }\n}\n"): typeof import('./graphql.js').ConnectLinkUpdatedDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ConnectLink($id: ID!) {\n  connectLink(id: $id) {\n    id status url expiresAt awaitingConfirmation confirmationExpiresAt\n    connection { id status health { code } connector { name } }\n    history { from to at source reason }\n  }\n}\n"): typeof import('./graphql.js').ConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Connections($filter: ConnectionFilter, $first: Int, $after: String) {\n  connections(filter: $filter, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes {\n      id name remoteId status connectorKey direction createdAt lastCheckedAt\n      health { code message since }\n      endUser { id }\n      provider { key name status }\n      connector { key name logoUrl auth }\n    }\n  }\n}\n"): typeof import('./graphql.js').ConnectionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Connectors($search: String, $providers: [ProviderKey!], $direction: Direction, $first: Int, $after: String) {\n  connectors(search: $search, providers: $providers, direction: $direction, first: $first, after: $after) {\n    totalCount\n    pageInfo { hasNextPage endCursor }\n    syncStatus { provider state syncedAt error }\n    nodes { id key name description logoUrl categories directions auth linkable provider { key } }\n  }\n}\n"): typeof import('./graphql.js').ConnectorsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateApiKey($input: CreateApiKeyInput!) {\n  createApiKey(input: $input) {\n    __typename\n    ... on CreateApiKeyPayload { apiKey { id name scopes createdAt expiresAt } key }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').CreateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateConnectLinkWithSelection($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload {\n      replayed\n      warnings { path code message }\n      connectLink {\n        id connectorKey status url expiresAt\n        provider { key name status }\n      }\n      selection {\n        chosen connectorKey reason\n        rejected { provider reason }\n      }\n    }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n    ... on ProviderError { provider retryable retryAfterSeconds }\n    ... on UnsupportedError { provider }\n  }\n}\n"): typeof import('./graphql.js').CreateConnectLinkWithSelectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateConnectLink($provider: ProviderKey!, $input: CreateConnectLinkInput!) {\n  createConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload {\n      replayed\n      warnings { path code message }\n      connectLink { ...Link }\n    }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n    ... on ProviderError { provider retryable retryAfterSeconds providerErrorCode providerRequestId }\n  }\n}\nfragment Link on ConnectLink {\n  id status purpose url providerUrl expiresAt expirySource embeddable requiresProviderLogin instructions\n  connectorKey direction createdAt\n  provider { key name status }\n  connector { key name logoUrl }\n  endUser { id name email }\n  connection { id status remoteId }\n  tags { key value }\n  history { from to at source reason }\n}\n"): typeof import('./graphql.js').CreateConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreatePortalSession($input: CreateSessionInput!) {\n  createSession(input: $input) {\n    __typename\n    ... on CreateSessionPayload { token portalUrl expiresAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').CreatePortalSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateProviderAccount($input: CreateProviderAccountInput!) {\n  createProviderAccount(input: $input) {\n    __typename\n    ... on CreateProviderAccountPayload { providerAccount { id organizationId name status settingNames createdAt verifiedAt provider { key } } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').CreateProviderAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateSession($input: CreateSessionInput!) {\n  createSession(input: $input) {\n    __typename\n    ... on CreateSessionPayload { token expiresAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').CreateSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {\n  createWebhookEndpoint(input: $input) {\n    __typename\n    ... on CreateWebhookEndpointPayload {\n      secret\n      webhookEndpoint {\n        id\n        url\n        eventTypes\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on InvalidInputError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}\n"): typeof import('./graphql.js').CreateWebhookEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteWebhookEndpoint($id: ID!) {\n  deleteWebhookEndpoint(id: $id) {\n    __typename\n    ... on DeleteWebhookEndpointPayload {\n      webhookEndpoint {\n        id\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n"): typeof import('./graphql.js').DeleteWebhookEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DisconnectConnection($id: ID!) {\n  disconnectConnection(id: $id) {\n    __typename\n    ... on DisconnectConnectionPayload { removedAtProvider connection { id status } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').DisconnectConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation HandOverConnectLink($id: ID!, $input: HandOverConnectLinkInput) {\n  handOverConnectLink(id: $id, input: $input) {\n    __typename\n    ... on HandOverConnectLinkPayload { url connectLink { id url handOver { state expiresAt } } }\n    ... on InvalidInputError { issues { path message } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').HandOverConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query PlanConnectLink($provider: ProviderKey, $input: CreateConnectLinkInput!) {\n  planConnectLink(provider: $provider, input: $input) {\n    __typename\n    ... on PlanConnectLinkPayload { selection { chosen connectorKey reason rejected { provider reason } } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').PlanConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ProviderAccounts($filter: ProviderAccountFilter, $first: Int, $after: String) {\n  providerAccounts(filter: $filter, first: $first, after: $after) {\n    totalCount\n    nodes { id organizationId name status settingNames createdAt updatedAt verifiedAt provider { key name } }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n"): typeof import('./graphql.js').ProviderAccountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Providers {\n  viewer { kind name scopes }\n  providers {\n    id key name status sandbox\n    capabilities { directions successRedirect errorRedirect embeddable reconnect revokeLink disconnect completion linkLifetimeSeconds { default min max } }\n  }\n}\n"): typeof import('./graphql.js').ProvidersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ReconnectConnection($id: ID!, $input: ReconnectConnectionInput) {\n  reconnectConnection(id: $id, input: $input) {\n    __typename\n    ... on CreateConnectLinkPayload { connectLink { id status purpose url connection { id status } } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').ReconnectConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RedeliverWebhook($id: ID, $endpointId: ID, $since: DateTime) {\n  redeliverWebhook(id: $id, endpointId: $endpointId, since: $since) {\n    __typename\n    ... on RedeliverWebhookPayload {\n      count\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n"): typeof import('./graphql.js').RedeliverWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RefreshConnection($id: ID!) {\n  refreshConnection(id: $id) {\n    __typename\n    ... on RefreshConnectionPayload { connection { id status health { code message } lastCheckedAt } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').RefreshConnectionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RemoveProviderAccount($id: ID!) {\n  removeProviderAccount(id: $id) {\n    __typename\n    ... on RemoveProviderAccountPayload { providerAccount { id organizationId name status } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').RemoveProviderAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeApiKey($id: ID!) {\n  revokeApiKey(id: $id) {\n    __typename\n    ... on RevokeApiKeyPayload { apiKey { id name revokedAt } }\n    ... on NotFoundError { code message }\n  }\n}\n"): typeof import('./graphql.js').RevokeApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeConnectLink($id: ID!) {\n  revokeConnectLink(id: $id) {\n    __typename\n    ... on RevokeConnectLinkPayload { revokedAtProvider connectLink { id status url } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').RevokeConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RevokeSessions($endUserId: String!) {\n  revokeSessions(endUserId: $endUserId) {\n    __typename\n    ... on RevokeSessionsPayload { revokedAt }\n    ... on InvalidInputError { code message issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').RevokeSessionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RotateApiKey($id: ID!, $overlapSeconds: Int) {\n  rotateApiKey(id: $id, overlapSeconds: $overlapSeconds) {\n    __typename\n    ... on RotateApiKeyPayload { apiKey { id name scopes expiresAt previousExpiresAt } key }\n    ... on InvalidInputError { issues { path message } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').RotateApiKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RotateProviderAccount($id: ID!, $settings: [ProviderSettingInput!]!) {\n  rotateProviderAccount(id: $id, settings: $settings) {\n    __typename\n    ... on RotateProviderAccountPayload { providerAccount { id status settingNames createdAt updatedAt verifiedAt } }\n    ... on Error { code message }\n    ... on InvalidInputError { issues { path message } }\n  }\n}\n"): typeof import('./graphql.js').RotateProviderAccountDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RotateWebhookSecret($id: ID!, $overlapSeconds: Int) {\n  rotateWebhookSecret(id: $id, overlapSeconds: $overlapSeconds) {\n    __typename\n    ... on RotateWebhookSecretPayload {\n      secret\n      webhookEndpoint {\n        id\n        previousSecretExpiresAt\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n"): typeof import('./graphql.js').RotateWebhookSecretDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SendTestWebhook($endpointId: ID!) {\n  sendTestWebhook(endpointId: $endpointId) {\n    __typename\n    ... on SendTestWebhookPayload {\n      webhookMessage {\n        id\n        messageId\n        state\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n"): typeof import('./graphql.js').SendTestWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation TakeBackConnectLink($id: ID!) {\n  takeBackConnectLink(id: $id) {\n    __typename\n    ... on TakeBackConnectLinkPayload { connectLink { id status handOver { state } } }\n    ... on Error { code message }\n  }\n}\n"): typeof import('./graphql.js').TakeBackConnectLinkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateWebhookEndpoint($id: ID!, $input: UpdateWebhookEndpointInput!) {\n  updateWebhookEndpoint(id: $id, input: $input) {\n    __typename\n    ... on UpdateWebhookEndpointPayload {\n      webhookEndpoint {\n        id\n        url\n        eventTypes\n        disabledAt\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}\n"): typeof import('./graphql.js').UpdateWebhookEndpointDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookEndpoints {\n  webhookEndpoints {\n    id\n    url\n    description\n    eventTypes\n    thin\n    isFromEnvironment\n    disabledAt\n    disabledReason\n    failingSince\n    createdAt\n  }\n}\n"): typeof import('./graphql.js').WebhookEndpointsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookMessages($endpointId: ID!, $states: [WebhookMessageState!], $first: Int, $after: String) {\n  node(id: $endpointId) {\n    ... on WebhookEndpoint {\n      messages(states: $states, first: $first, after: $after) {\n        nodes {\n          id\n          messageId\n          type\n          state\n          attempts\n          createdAt\n          nextAttemptAt\n          lastAttemptAt\n          lastStatus\n          lastError\n          lastDurationMs\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n}\n"): typeof import('./graphql.js').WebhookMessagesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

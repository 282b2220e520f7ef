import { z } from 'zod'
import { endpointUrlProblem, type WebhookPolicy } from '../connect/outgoing-webhooks/endpoint-url.ts'
import type { EnvironmentEndpoint } from '../connect/outgoing-webhooks/environment-endpoint.ts'
import { isSecret } from '../connect/outgoing-webhooks/sign-message.ts'

/** The variables of webhooks to the application. */
export const webhookVariables = {
  WEBHOOK_URL: z.string().optional(),
  WEBHOOK_SECRET: z
    .string()
    .refine(
      isSecret,
      'must be whsec_ and 24 to 64 bytes in Base64, for example from: echo "whsec_$(openssl rand -base64 32)"',
    )
    .optional(),
  WEBHOOK_ALLOW_PRIVATE: z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'),
}

type WebhookEnvironment = { readonly [Name in keyof typeof webhookVariables]?: string | undefined }

export interface WebhookSettings extends WebhookPolicy {
  /** `null`: none. */
  readonly endpoint: EnvironmentEndpoint | null
}

export function webhookSettings(env: WebhookEnvironment): WebhookSettings {
  const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = env
  const allowPrivate = env.WEBHOOK_ALLOW_PRIVATE === 'true'
  return { allowPrivate, endpoint: url && secret ? { url, secret } : null }
}

/** Problems of the variables together, each as one sentence. */
export function webhookProblems(env: WebhookEnvironment): readonly string[] {
  const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = env
  const problem = url === undefined ? null : endpointUrlProblem(url, webhookSettings(env))
  return [
    ...((url === undefined) === (secret === undefined)
      ? []
      : ['WEBHOOK_URL and WEBHOOK_SECRET must be set together']),
    ...(problem === null ? [] : [`WEBHOOK_URL ${problem}`]),
  ]
}

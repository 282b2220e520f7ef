import { z } from 'zod'
import { parseUrl } from '../domain/parse-url.ts'
import type { Environment } from '../providers/definition.ts'

const endpoint = z
  .string()
  .refine(
    (text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''),
    'must be the http or https URL of an OTLP/HTTP receiver, for example http://127.0.0.1:4318',
  )
  .optional()

const oneOf = (...values: readonly [string, ...string[]]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).optional()

const protocol = oneOf('http/json', 'http/protobuf')

/** The variables of OpenTelemetry that it would ignore silently if they are wrong. It reads them, and its others, itself. */
const schema = z.object({
  OTEL_TRACES_EXPORTER: oneOf('otlp', 'none'),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_TRACES_SAMPLER: oneOf(
    ...['always_on', 'always_off', 'traceidratio'],
    ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
  ),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .refine((text) => Number(text) >= 0 && Number(text) <= 1, 'must be a number from 0 to 1')
    .optional(),
})

/** Whether traces are recorded: a variable asks for it, and none refuses it. */
export function isTracingOn(env: Environment): boolean {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false
  if (env.OTEL_TRACES_EXPORTER !== undefined) return env.OTEL_TRACES_EXPORTER !== 'none'
  const endpoints = [env.OTEL_EXPORTER_OTLP_ENDPOINT, env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT]
  return endpoints.some((one) => one !== undefined)
}

/** Problems of the variables, each as one sentence; none if traces are not recorded. */
export function tracingProblems(env: Environment): readonly string[] {
  const { error } = isTracingOn(env) ? schema.safeParse(env) : {}
  return (error?.issues ?? []).map(({ path, message }) => `${String(path[0])} ${message}`)
}

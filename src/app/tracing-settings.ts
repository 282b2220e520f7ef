import { z } from 'zod'
import { parseUrl } from '../domain/parse-url.ts'

const endpoint = z
  .string()
  .refine(
    (text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''),
    'must be the http or https URL of an OTLP/HTTP receiver, for example http://127.0.0.1:4318',
  )
  .optional()

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

const oneOf = <Value extends string>(...values: readonly [Value, ...Value[]]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).optional()

/** The variables of OpenTelemetry that decide whether it is on, or that it would silently ignore. It reads its others itself. */
export const tracingVariables = {
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: oneOf('otlp', 'none'),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: oneOf('http/json', 'http/protobuf'),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: oneOf('http/json', 'http/protobuf'),
  OTEL_TRACES_SAMPLER: oneOf(...samplers),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .refine((text) => Number(text) >= 0 && Number(text) <= 1, 'must be a number from 0 to 1')
    .optional(),
}

type Variables = { readonly [Name in keyof typeof tracingVariables]?: string | undefined }

/** Whether traces are recorded: one of the variables has to ask for it, and none may refuse it. */
export function isTracingOn(env: Variables): boolean {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none')
    return false
  const { OTEL_EXPORTER_OTLP_ENDPOINT: common, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own } = env
  return common !== undefined || own !== undefined || env.OTEL_TRACES_EXPORTER === 'otlp'
}

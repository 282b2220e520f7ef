import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../app/config.ts'
import { OperatorError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { type MetricsSource, sendMetrics } from '../server/metrics-route.ts'
import { sendJson } from '../server/send-json.ts'

/** The port of the metrics cannot be listened on. */
export class MetricsPortError extends OperatorError {
  override readonly name = 'MetricsPortError'
}

/** Serves the metrics to any caller on a port of their own; returns a function that ends this. */
export async function serveMetricsOn(
  { metricsPort: port, metricsHost: host }: Pick<Config, 'metricsPort' | 'metricsHost'>,
  source: MetricsSource,
  log: Log,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') return sendJson(response, 404, { status: 'not found' })
    sendMetrics(source, request, response).catch((err: unknown) => {
      log.error({ err }, 'the metrics could not be read')
      sendJson(response, 500, { status: 'error' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => {
      reject(
        new MetricsPortError(`The metrics cannot be served (${message}): see METRICS_PORT and METRICS_HOST.`),
      )
    })
    server.listen(port ?? 0, host, resolve)
  })
  log.info({ port: (server.address() as AddressInfo).port }, 'the metrics are served')
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

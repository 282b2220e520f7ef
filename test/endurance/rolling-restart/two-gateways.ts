import { type RunningProxy, startNginx } from '../../proxies/proxy.ts'

/** nginx in front of two gateways, with connections that stay open. `options` are those of each server. */
export function startBalancer(ports: readonly number[], options: string): Promise<RunningProxy> {
  const servers = ports.map((port) => `server 127.0.0.1:${port} ${options};`)
  return startNginx(
    `upstream gateways { ${servers.join(' ')} keepalive 32; }`,
    'location / { proxy_pass http://gateways; proxy_http_version 1.1; proxy_set_header connection ""; }',
  )
}

import { dialectNameOf, dialectNamed, dialectNames } from '../../../dialects/index.ts';
import { type Endpoint, shownUrl } from '../../../domain/endpoint.ts';
import { parseExactJson } from '../../../domain/exact-json.ts';
import type { EndpointView } from '../../../pipeline/history/endpoint-history.ts';
import { asTimestamp, asTimestampOrNull } from '../../schemas/times.ts';
import type { EndpointJson } from './schemas.ts';
import { secretsJson } from './secret-view.ts';

export function endpointJson(view: EndpointView): EndpointJson {
  const { endpoint } = view;
  return {
    id: endpoint.id,
    tenant_id: endpoint.tenantId,
    kind: endpoint.kind ?? 'push',
    url: shownUrl(endpoint),
    label: endpoint.label ?? null,
    events: [...endpoint.events],
    project_id: endpoint.projectId ?? null,
    filter: endpoint.filter === undefined ? null : parseExactJson(endpoint.filter),
    dialect: dialectNameOf(endpoint),
    generation: endpoint.generation,
    status: endpoint.status,
    status_reason: endpoint.statusReason ?? null,
    header_names: [...(endpoint.headers?.names ?? [])],
    auth: endpoint.auth ? { type: endpoint.auth.type, header: endpoint.auth.name } : null,
    retry: 'preset' in endpoint.retry ? { ...endpoint.retry } : { delays: [...endpoint.retry.delays] },
    timeout_seconds: endpoint.timeoutSeconds,
    rate_limit_per_second: endpoint.rateLimitPerSecond ?? null,
    circuit_breaker: endpoint.circuitBreaker ?? hasBreaker(endpoint),
    auto_resume: endpoint.autoResume ?? true,
    also_standard: endpoint.alsoStandard ?? false,
    asymmetric_signing: endpoint.asymmetricSigning ?? false,
    secrets: secretsJson(endpoint),
    metadata: { ...endpoint.metadata },
    last_attempted_at: asTimestampOrNull(view.lastAttemptedAt),
    last_success_at: asTimestampOrNull(view.lastSuccessAt),
    last_status_code: view.lastStatusCode ?? null,
    consecutive_failures: view.consecutiveFailures,
    slow_since: asTimestampOrNull(view.slowSince),
    created_at: asTimestamp(endpoint.createdAt),
    updated_at: asTimestamp(endpoint.updatedAt),
  };
}

/** Of a dialect that the deployment no longer has, nothing is sent; the endpoint is still shown, so that it can be ended. */
function hasBreaker(endpoint: Endpoint): boolean {
  const name = dialectNameOf(endpoint);
  return dialectNames().includes(name) && dialectNamed(name).breaker.on;
}

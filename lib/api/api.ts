import type { Ingest } from '../pipeline/ingest/ingest.ts';
import type { Ports } from '../ports/ports.ts';
import type { ApiSettings } from './api-settings.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { ventryxHandlers } from './facades/ventryx/handlers.ts';
import { veriswarmHandlers } from './facades/veriswarm/handlers.ts';
import { openApi } from './openapi/document.ts';
import { alertMailHandlers } from './resources/alert-mail/handlers.ts';
import { apiKeyHandlers } from './resources/api-keys/handlers.ts';
import { auditLogHandlers } from './resources/audit-log/handlers.ts';
import { brakeHandlers } from './resources/brake/handlers.ts';
import { deliveryManualHandlers } from './resources/deliveries/manual-handlers.ts';
import { deliveryReadHandlers } from './resources/deliveries/read-handlers.ts';
import { dialectHandlers } from './resources/dialects/handlers.ts';
import { endpointHandlers } from './resources/endpoints/handlers.ts';
import { eventManualHandlers } from './resources/events/manual-handlers.ts';
import { eventPostHandlers } from './resources/events/post-handlers.ts';
import { eventReadHandlers } from './resources/events/read-handlers.ts';
import { eventTypeHandlers } from './resources/event-types/handlers.ts';
import { filterHandlers } from './resources/filters/handlers.ts';
import { jobManualHandlers } from './resources/jobs/manual-handlers.ts';
import { jobReadHandlers } from './resources/jobs/read-handlers.ts';
import { mfaHandlers } from './resources/mfa/handlers.ts';
import { opsHandlers } from './resources/ops/handlers.ts';
import { opsManualHandlers } from './resources/ops/manual-handlers.ts';
import { opsReadHandlers } from './resources/ops/read-handlers.ts';
import { pollHandlers } from './resources/polls/handlers.ts';
import { portalHandlers } from './resources/portal/handlers.ts';
import { retryManualHandlers } from './resources/retries/manual-handlers.ts';
import { retryReadHandlers } from './resources/retries/read-handlers.ts';
import { usageHandlers } from './resources/usage/handlers.ts';
import { serviceHandlers } from './resources/service/handlers.ts';
import { statsHandlers } from './resources/stats/handlers.ts';
import { tenantHandlers } from './resources/tenants/handlers.ts';
import { tenantManualHandlers } from './resources/tenants/manual-handlers.ts';
import { createGuard } from './guard.ts';
import { type RouteId, routes } from './routes.ts';
import { type Api, type TakeTurn, createRouteApi } from './serve-route.ts';

export interface ApiDeps {
  ports: Ports;
  ingest: Ingest;
  settings: ApiSettings;
  takeTurn?: TakeTurn;
}

/**
 * The whole API in one process; keys come in the header `Authorization` and are looked up in the store. A Lambda takes
 * `createRouteApi` with its own handlers, so that it bundles no others.
 */
export function createApi({ ports, ingest, ...deps }: ApiDeps): Api {
  const handlers = allHandlers(ingest);
  return createRouteApi({
    ...deps,
    routes,
    handlers,
    ports,
    guard: createGuard(ports),
    authenticate: createAuthenticate(ports),
  });
}

/** Every route's handler: the type holds that none is missing. */
function allHandlers(ingest: Ingest) {
  return {
    ...endpointHandlers,
    ...pollHandlers,
    ...dialectHandlers,
    ...filterHandlers,
    ...eventPostHandlers(ingest),
    ...eventReadHandlers,
    ...eventManualHandlers,
    ...deliveryReadHandlers,
    ...deliveryManualHandlers,
    ...jobReadHandlers,
    ...jobManualHandlers,
    ...retryReadHandlers,
    ...usageHandlers,
    ...statsHandlers,
    ...retryManualHandlers,
    ...brakeHandlers,
    ...tenantHandlers,
    ...tenantManualHandlers,
    ...alertMailHandlers,
    ...apiKeyHandlers,
    ...auditLogHandlers,
    ...portalHandlers,
    ...opsHandlers,
    ...opsReadHandlers,
    ...opsManualHandlers,
    ...mfaHandlers,
    ...eventTypeHandlers,
    ...veriswarmHandlers,
    ...ventryxHandlers,
    ...serviceHandlers(() => openApi()),
  } satisfies Record<RouteId, unknown>;
}

import { ventryxRoutes as ventryx } from './facades/ventryx/routes.ts';
import { veriswarmRoutes as veriswarm } from './facades/veriswarm/routes.ts';
import { alertMailRoutes as alertMail } from './resources/alert-mail/routes.ts';
import { apiKeyRoutes as apiKeys } from './resources/api-keys/routes.ts';
import { auditLogRoutes as auditLog } from './resources/audit-log/routes.ts';
import { brakeRoutes as brake } from './resources/brake/routes.ts';
import { deliveryRoutes as deliveries } from './resources/deliveries/routes.ts';
import { dialectRoutes as dialects } from './resources/dialects/routes.ts';
import { endpointRoutes as endpoints } from './resources/endpoints/routes.ts';
import { eventRoutes as events } from './resources/events/routes.ts';
import { eventTypeRoutes as eventTypes } from './resources/event-types/routes.ts';
import { filterRoutes as filters } from './resources/filters/routes.ts';
import { jobRoutes as jobs } from './resources/jobs/routes.ts';
import { mfaRoutes as mfa } from './resources/mfa/routes.ts';
import { opsRoutes as ops } from './resources/ops/routes.ts';
import { pollRoutes as polls } from './resources/polls/routes.ts';
import { portalRoutes as portal } from './resources/portal/routes.ts';
import { retryRoutes as retries } from './resources/retries/routes.ts';
import { serviceRoutes as service } from './resources/service/routes.ts';
import { statsRoutes as stats } from './resources/stats/routes.ts';
import { tenantRoutes as tenants } from './resources/tenants/routes.ts';
import { usageRoutes as usage } from './resources/usage/routes.ts';
import type { Route, RouteLambda } from './route.ts';

/**
 * Every route of the API, in the order of its documentation: the local gateway, the stack, the OpenAPI document, the
 * authorization and the tests read this list and nothing else. It imports no handler.
 */
const contents = [
  // What customers register, and its states.
  endpoints.create,
  endpoints.validate,
  endpoints.list,
  endpoints.get,
  endpoints.update,
  endpoints.delete,
  endpoints.pause,
  endpoints.resume,
  endpoints.enable,
  endpoints.disable,
  endpoints.revoke,
  endpoints.rotateSecret,
  endpoints.publicKey,

  // What the consumers of those that are polled do.
  polls.poll,
  polls.commit,
  polls.consumers,
  polls.remove,

  // What their receivers see.
  dialects.list,
  dialects.preview,
  filters.test,

  // What events mean.
  eventTypes.create,
  eventTypes.list,
  eventTypes.get,
  eventTypes.update,
  eventTypes.delete,
  eventTypes.adopt,
  eventTypes.webhooks,

  // What happens, and where it goes.
  events.post,
  events.batch,
  events.list,
  events.get,
  events.deliveries,
  deliveries.list,
  deliveries.get,
  deliveries.request,
  jobs.get,
  retries.summary,
  usage.get,
  stats.get,

  // What a person does about deliveries.
  deliveries.retry,
  deliveries.bulkRetry,
  endpoints.test,
  endpoints.replay,
  events.replay,
  events.deletePayload,
  jobs.cancel,
  retries.run,

  // Who is told of it.
  alertMail.get,
  alertMail.set,
  alertMail.confirm,
  alertMail.remove,

  // Who may call.
  apiKeys.create,
  apiKeys.list,
  apiKeys.get,
  apiKeys.rotate,
  apiKeys.revoke,
  mfa.get,
  mfa.enrol,
  mfa.confirm,
  mfa.recoveryCodes,
  mfa.disable,
  mfa.stepUp,
  auditLog.list,
  portal.create,
  portal.list,
  portal.get,
  portal.revoke,
  portal.revokeOfUser,
  portal.extend,
  portal.exchange,
  portal.current,
  portal.end,

  // What the platform does to all its tenants, or to one.
  brake.get,
  brake.set,
  brake.release,
  tenants.create,
  tenants.list,
  tenants.get,
  tenants.update,
  tenants.resetMfa,
  tenants.erase,
  tenants.reseal,
  ops.overview,
  ops.endpoints,
  ops.usage,
  ops.jobs,
  ops.redrive,
  ops.settings,

  // The management APIs of other platforms.
  veriswarm.create,
  veriswarm.list,
  veriswarm.deliveries,
  veriswarm.retry,
  veriswarm.run,
  veriswarm.summary,
  veriswarm.rotateSecret,
  veriswarm.test,
  veriswarm.revoke,
  veriswarm.keep,
  ventryx.create,
  ventryx.list,
  ventryx.get,
  ventryx.update,
  ventryx.delete,

  // The service itself.
  service.health,
  service.openapi,
] as const satisfies readonly Route[];

type Listed = (typeof contents)[number];

export type RouteId = Listed['id'];

/** The ids of the routes that one function serves. */
export type RouteIdOf<Lambda extends RouteLambda> = Extract<Listed, { lambda: Lambda }>['id'];

/** As `isAudited` and `secondFactor` have it: every change but an unaudited one, and whatever asks for a code. */
type Guarded<R> = R extends { secondFactor: true } ? R : R extends { method: 'GET' } | { unaudited: true } ? never : R;

/** The ids of the routes of one function that are audited or ask for a second factor. */
export type GuardedRouteIdOf<Lambda extends RouteLambda> = Guarded<Extract<Listed, { lambda: Lambda }>>['id'];

export const routes: readonly Route[] = contents;

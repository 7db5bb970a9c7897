import type * as z from 'zod';
import { checkSecrets } from '../../../dialects/first-secrets.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import { POLL_URL } from '../../../domain/endpoint.ts';
import { deliveryId } from '../../../domain/ids.ts';
import type { ChangePorts } from '../../../pipeline/endpoints/change-status.ts';
import { type CreatePorts, createEndpoint } from '../../../pipeline/endpoints/create.ts';
import type { NewEndpoint } from '../../../pipeline/endpoints/new-endpoint.ts';
import {
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  pauseEndpoint,
  resumeEndpoint,
  revokeEndpoint,
} from '../../../pipeline/endpoints/status-calls.ts';
import { type EndpointEdit, editEndpoint } from '../../../pipeline/endpoints/edit.ts';
import { createEndpointOnce } from '../../../pipeline/endpoints/create-once.ts';
import { rotateSecret } from '../../../pipeline/endpoints/rotate-secret.ts';
import { refuseErased } from '../../../pipeline/register-tenant.ts';
import {
  type EndpointHistoryPorts,
  getEndpoint,
  listEndpoints,
  publicKeysOf,
} from '../../../pipeline/history/endpoint-history.ts';
import { searchEndpoints } from '../../../pipeline/history/endpoint-search.ts';
import { getDelivery } from '../../../pipeline/history/history.ts';
import type { IdempotencyPorts } from '../../../pipeline/idempotency-key.ts';
import { startReplay } from '../../../pipeline/manual/bulk-jobs.ts';
import { type TestPorts, awaitFirstAttempt, testEndpoint } from '../../../pipeline/manual/test-endpoint.ts';
import type { ApiSettings } from '../../api-settings.ts';
import type { HandlerContext, HandlersOf } from '../../handler.ts';
import { keyedCall } from '../../http/keyed-call.ts';
import { writeCursor } from '../../http/cursor.ts';
import { listRange } from '../../http/list-range.ts';
import { deliveryDetailJson } from '../deliveries/view.ts';
import { jobJson } from '../jobs/view.ts';
import { checkEndpoint, checkKind } from './policy.ts';
import { pairOf } from './list-schemas.ts';
import { endpointRoutes } from './routes.ts';
import type { endpointCreate, endpointUpdate } from './input-schemas.ts';
import type { EndpointJson } from './schemas.ts';
import { publicKeysJson } from './secret-view.ts';
import { settingsIn } from './setting-fields.ts';
import { endpointJson } from './view.ts';

type Used = keyof (CreatePorts & ChangePorts & EndpointHistoryPorts & IdempotencyPorts & TestPorts);

export const endpointHandlers: HandlersOf<typeof endpointRoutes, 'endpoints', Used> = {
  'endpoints.create': async (request, { ports, settings, tenantId }) => {
    const { body } = request;
    checkKind(body);
    const checked = { ...body, ...checkEndpoint(body, settings) };
    const input = newEndpoint(checked, settings);
    const keyed = keyedCall(endpointRoutes.create.id, request);
    const { endpoint, signingSecret, standardSecret } = keyed
      ? await createEndpointOnce(ports, tenantId, input, settings.maxEndpoints, keyed)
      : await createEndpoint(ports, tenantId, input, settings.maxEndpoints);
    return {
      ...endpointJson({ endpoint, consecutiveFailures: 0 }),
      signing_secret: signingSecret,
      ...shownOnce(standardSecret),
    };
  },

  'endpoints.validate': async ({ body }, { ports, settings, tenantId }) => {
    checkKind(body);
    await refuseErased(ports, tenantId);
    checkSecrets(newEndpoint({ ...body, ...checkEndpoint(body, settings) }, settings), ports.clock.now());
  },

  'endpoints.list': async ({ query }, { ports, tenantId }) => {
    const { cursor: _, limit: __, ...filters } = query;
    const list = { route: endpointRoutes.list.id, tenantId, filters };
    const range = listRange(list, query);
    const { event_type: eventType, metadata, ...others } = filters;
    const page = await (Object.keys(filters).length === 0
      ? listEndpoints(ports, tenantId, range)
      : searchEndpoints(ports, tenantId, range, {
          ...others,
          eventType,
          metadata: metadata === undefined ? metadata : pairOf(metadata),
        }));
    return { data: page.data.map(endpointJson), next_cursor: writeCursor(list, page.nextCursor) };
  },

  'endpoints.get': async ({ params }, context) => show(context, params.id),

  'endpoints.update': async ({ params, headers, body }, context) => {
    const edit = endpointEdit({ ...body, ...checkEndpoint(body, context.settings) });
    const { ports, tenantId } = context;
    const { standardSecret } = await editEndpoint(ports, tenantId, params.id, edit, headers['if-match']);
    return { ...(await show(context, params.id)), ...shownOnce(standardSecret) };
  },

  'endpoints.delete': async ({ params, headers }, { ports, tenantId }) =>
    deleteEndpoint(ports, tenantId, params.id, headers['if-match']),

  'endpoints.pause': async ({ params, headers }, context) => {
    await pauseEndpoint(context.ports, context.tenantId, params.id, headers['if-match']);
    return show(context, params.id);
  },

  'endpoints.resume': async ({ params, headers, body }, context) => {
    await resumeEndpoint(context.ports, context.tenantId, params.id, body.held, headers['if-match']);
    return show(context, params.id);
  },

  'endpoints.enable': async ({ params, headers }, context) => {
    await enableEndpoint(context.ports, context.tenantId, params.id, headers['if-match']);
    return show(context, params.id);
  },

  'endpoints.disable': async ({ params, headers }, context) => {
    await disableEndpoint(context.ports, context.tenantId, params.id, headers['if-match']);
    return show(context, params.id);
  },

  'endpoints.revoke': async ({ params, headers }, context) => {
    await revokeEndpoint(context.ports, context.tenantId, params.id, headers['if-match']);
    return show(context, params.id);
  },

  'endpoints.rotate-secret': async ({ params, body }, context) => {
    const { signingSecret, standardSecret } = await rotateSecret(context.ports, context.tenantId, params.id, {
      use: body.use,
      ...(body.signing_secret !== undefined && { own: body.signing_secret }),
      ...(body.overlap_seconds !== undefined && { overlapMs: body.overlap_seconds * 1000 }),
      ...(body.activate_in_seconds !== undefined && { activateInMs: body.activate_in_seconds * 1000 }),
    });
    return {
      ...(await show(context, params.id)),
      ...(signingSecret !== undefined && { signing_secret: signingSecret }),
      ...shownOnce(standardSecret),
    };
  },

  'endpoints.public-key': async ({ params }, { ports, tenantId }) =>
    publicKeysJson(await publicKeysOf(ports, tenantId, params.id)),

  'endpoints.test': async (request, { ports, settings: { eventTypePolicy }, tenantId, noteEnded }) => {
    const { params, query, body } = request;
    const keyed = keyedCall(endpointRoutes.test.id, request);
    const key = await testEndpoint(ports, tenantId, params.id, { type: body.event_type, keyed, eventTypePolicy });
    if (query.wait === 'true' && (await awaitFirstAttempt(ports, key))) noteEnded();
    return deliveryDetailJson(await getDelivery(ports, tenantId, deliveryId(key)));
  },

  'endpoints.replay': async (request, { ports, tenantId }) => {
    const { params, body } = request;
    const { since, until, event_types: eventTypes } = body;
    const range = { since, ...(until !== undefined && { until }), ...(eventTypes !== undefined && { eventTypes }) };
    const keyed = keyedCall(endpointRoutes.replay.id, request);
    return jobJson(await startReplay(ports, tenantId, params.id, range, keyed));
  },
};

function shownOnce(standardSecret: string | undefined): { standard_signing_secret?: string } {
  return standardSecret === undefined ? {} : { standard_signing_secret: standardSecret };
}

/** As it is now, with how its last requests went. */
async function show(
  { ports, tenantId }: HandlerContext<'clock' | 'endpoints' | 'health' | 'deliveries'>,
  id: string,
): Promise<EndpointJson> {
  return endpointJson(await getEndpoint(ports, tenantId, id));
}

function newEndpoint(body: z.output<typeof endpointCreate>, settings: ApiSettings): NewEndpoint {
  const {
    kind,
    status,
    dialect = settings.defaultDialect,
    headers,
    auth,
    signing_secret: signingSecret,
    previous_secret: previous,
  } = body;
  const { filter: written = null, ...given } = settingsIn(body);
  const filter = filterText(written);
  return {
    ...given,
    url: body.url ?? POLL_URL,
    ...(kind === 'poll' && { kind }),
    ...(status !== undefined && { status }),
    ...(filter !== null && { filter }),
    dialect,
    ...(headers !== undefined && Object.keys(headers).length > 0 && { headers }),
    ...(auth !== undefined && { auth }),
    ...(signingSecret !== undefined && { signingSecret }),
    ...(previous && { previousSecret: { secret: previous.signing_secret, expiresAt: previous.expires_at } }),
  };
}

function endpointEdit(body: z.output<typeof endpointUpdate>): EndpointEdit {
  const { headers, auth } = body;
  const { filter, ...given } = settingsIn(body);
  return {
    ...given,
    ...(filter !== undefined && { filter: filterText(filter) }),
    ...(headers !== undefined && { headers }),
    ...(auth !== undefined && { auth }),
  };
}

/** Equal filters have equal texts, whatever the order of their members. Null: it lets everything through. */
function filterText(filter: unknown): string | null {
  if (filter === null || Object.keys(filter as object).length === 0) return null;
  return canonicalJson(filter);
}

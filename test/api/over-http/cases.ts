import type { RouteId } from '../../../lib/api/routes.ts';
import { Caller, openSession } from './caller.ts';
import type { Target } from './target.ts';
import { codeAt } from './totp.ts';

/** What a good call of a route has. */
export interface Call {
  /** Of the path's one parameter, or of its first. */
  id?: string;
  /** Of its second. */
  name?: string;
  query?: string;
  body?: unknown;
  /** Who makes it, when no key may. */
  as?: Caller;
}

/** Makes with a caller what a call of its own needs. */
type Case = (caller: Caller, target: Target) => Promise<Call>;

const URL_BODY = { url: 'https://example.com/hooks', events: ['*'] };
const EVENT = { type: 'task.completed', data: { n: 1 } };
const SINCE = '2020-01-01T00:00:00Z';

const nothing: Case = async () => ({});
const body =
  (value: unknown): Case =>
  async () => ({ body: value });

const endpoint: Case = async (caller) => ({ id: (await caller.make('POST', '/v1/endpoints', URL_BODY)).id });
const pollEndpoint: Case = async (caller) => ({
  id: (await caller.make('POST', '/v1/endpoints', { kind: 'poll', events: ['*'] })).id,
});
const event: Case = async (caller) => ({ id: (await caller.make('POST', '/v1/events', EVENT)).id });
const delivery: Case = async (caller) => {
  await caller.make('POST', '/v1/endpoints', URL_BODY);
  const { id } = await caller.make('POST', '/v1/events', EVENT);
  const { data } = await caller.make('GET', `/v1/events/${id}/deliveries`);
  return { id: data[0].id };
};
const job: Case = async (caller) => {
  await caller.make('POST', '/v1/endpoints', URL_BODY);
  const { id } = await caller.make('POST', '/v1/events', EVENT);
  return { id: (await caller.make('POST', `/v1/events/${id}/replay`)).id };
};
const apiKey: Case = async (caller) => ({
  id: (await caller.make('POST', '/v1/api-keys', { name: 'other', scopes: ['events:read'] })).id,
});
const SESSIONS = '/v1/portal/sessions';
const portalSession: Case = async (caller) => ({ id: (await caller.make('POST', SESSIONS, { user: 'ada' })).id });
const opened = (caller: Caller, target: Target) => openSession(caller, target, { user: 'ada' });
const tenant: Case = async () => ({ id: 'acme' });

const after =
  (call: string): Case =>
  async (caller, target) => {
    const made = await endpoint(caller, target);
    await caller.make('POST', `/v1/endpoints/${made.id}/${call}`);
    return made;
  };
const withBody =
  (made: Case, value: unknown): Case =>
  async (caller, target) => ({ ...(await made(caller, target)), body: value });

let created = 0;
const newTenantId: Case = async (caller) => ({
  id: (await caller.make('POST', '/v1/tenants', { id: `registered-${(created += 1)}` })).id,
});
const eventType: Case = async (caller) => {
  const id = `made.${(created += 1)}`;
  await caller.make('POST', '/v1/event-types', { type: id, description: 'Made' });
  return { id };
};

/** The next code of a new factor that no code has confirmed. */
const firstCode: Case = async (caller, target) => {
  const { secret } = await caller.make('POST', '/v1/mfa/enrol');
  return { body: { code: codeAt(secret, target.now()) } };
};
const recoveryCode: Case = async (caller) => ({ body: { code: (await caller.enrol()).codes[0] } });

const mailedCode: Case = async (caller, { outbox }) => {
  const address = `made-${(created += 1)}@example.com`;
  await caller.make('PUT', '/v1/alerts/mail', { address });
  return { body: { code: outbox.codeFor(address) } };
};

const WEBHOOKS = '/v1/public/providers/webhooks';
const WEBHOOK_BODY = { label: 'Scores', callback_url: 'https://example.com/hooks', event_types: ['*'] };
const webhook: Case = async (caller) => ({ id: String((await caller.make('POST', WEBHOOKS, WEBHOOK_BODY)).id) });
const numbered: Case = async (caller, target) => {
  await delivery(caller, target);
  return { id: String((await caller.make('GET', `${WEBHOOKS}/deliveries`))[0].id) };
};
const numberless: Case = async (caller, target) => ({
  id: '4711',
  body: { endpoint_id: (await endpoint(caller, target)).id },
});
const VENTRYX_BODY = { url: 'https://example.com/hooks', events: ['*'] };

/** Every route, whether it reads or changes: a new one does not compile until it is here. */
export const CASES: Readonly<Record<RouteId, Case>> = {
  'endpoints.create': body(URL_BODY),
  'endpoints.validate': body(URL_BODY),
  'endpoints.list': nothing,
  'endpoints.get': endpoint,
  'endpoints.update': withBody(endpoint, { label: 'x' }),
  'endpoints.delete': endpoint,
  'endpoints.pause': endpoint,
  'endpoints.resume': after('pause'),
  'endpoints.enable': after('disable'),
  'endpoints.disable': endpoint,
  'endpoints.revoke': endpoint,
  'endpoints.rotate-secret': endpoint,
  'endpoints.public-key': async (caller) => ({
    id: (await caller.make('POST', '/v1/endpoints', { ...URL_BODY, asymmetric_signing: true })).id,
  }),
  'endpoints.test': endpoint,
  'endpoints.replay': withBody(endpoint, { since: SINCE }),
  'polls.poll': pollEndpoint,
  'polls.commit': async (caller, target) => ({
    ...(await pollEndpoint(caller, target)),
    name: 'billing',
    body: { from: 'now' },
  }),
  'polls.consumers': pollEndpoint,
  'polls.remove': async (caller, target) => {
    const { id } = await pollEndpoint(caller, target);
    await caller.send({ method: 'PUT', path: `/v1/endpoints/${id}/consumers/billing`, body: { from: 'now' } });
    return { id: id as string, name: 'billing' };
  },
  'events.post': body(EVENT),
  'events.batch': body({ events: [EVENT] }),
  'events.list': nothing,
  'events.get': event,
  'events.deliveries': event,
  'events.replay': event,
  'events.delete-payload': event,
  'deliveries.list': nothing,
  'deliveries.get': delivery,
  'deliveries.request': delivery,
  'deliveries.retry': delivery,
  'deliveries.bulk-retry': body({ status: 'exhausted' }),
  'jobs.get': job,
  'jobs.cancel': job,
  'retries.summary': nothing,
  'retries.run': nothing,
  'usage.get': nothing,
  'stats.get': async (caller, target) => ({ query: `?endpoint_id=${(await endpoint(caller, target)).id}` }),
  'brake.get': nothing,
  'brake.set': async () => ({ query: '?tenant_id=braked' }),
  'brake.release': async () => ({ query: '?tenant_id=braked' }),
  'api-keys.create': body({ name: 'CI', scopes: ['events:read'] }),
  'api-keys.list': nothing,
  'api-keys.get': apiKey,
  'api-keys.rotate': apiKey,
  'api-keys.revoke': apiKey,
  'portal.create': body({ user: 'ada', access: 'manage', theme: { accent: '#0a7d5c' } }),
  'portal.list': nothing,
  'portal.get': portalSession,
  'portal.revoke': portalSession,
  'portal.revoke-of-user': body({ user: 'ada' }),
  'portal.extend': async (caller, target) => ({ id: (await opened(caller, target)).keyId }),
  'portal.exchange': async (caller, target) => {
    const { id, code } = await caller.make('POST', SESSIONS, { user: 'ada' });
    return { as: new Caller(target, code, id) };
  },
  'portal.current': async (caller, target) => ({ as: await opened(caller, target) }),
  'portal.end': async (caller, target) => ({ as: await opened(caller, target) }),
  'alert-mail.get': nothing,
  'alert-mail.set': async () => ({ body: { address: `made-${(created += 1)}@example.com` } }),
  'alert-mail.confirm': mailedCode,
  'alert-mail.remove': nothing,
  'audit-log.list': nothing,
  'mfa.get': nothing,
  'mfa.enrol': nothing,
  'mfa.confirm': firstCode,
  'mfa.recovery-codes': nothing,
  'mfa.disable': nothing,
  'mfa.step-up': recoveryCode,
  'dialects.list': nothing,
  'dialects.preview': async () => ({ id: 'vem', body: {} }),
  'filters.test': body({ filter: { a: 1 }, data: { a: 2 } }),
  'event-types.create': async () => ({ body: { type: `made.${(created += 1)}`, description: 'Made' } }),
  'event-types.list': nothing,
  'event-types.get': eventType,
  'event-types.update': withBody(eventType, { deprecated: true }),
  'event-types.delete': eventType,
  'event-types.adopt': async () => ({ id: 'vem' }),
  'event-types.webhooks': nothing,
  'tenants.create': async () => ({ body: { id: `created-${(created += 1)}` } }),
  'tenants.list': nothing,
  'tenants.get': tenant,
  'tenants.update': withBody(tenant, { name: 'Acme' }),
  'tenants.reset-mfa': tenant,
  'tenants.erase': newTenantId,
  'tenants.reseal': newTenantId,
  'ops.overview': nothing,
  'ops.endpoints': async () => ({ query: '?state=paused' }),
  'ops.usage': nothing,
  'ops.jobs': nothing,
  'ops.settings': nothing,
  'ops.redrive': async () => ({ id: 'poison', body: { limit: 10 } }),
  'veriswarm.create': body(WEBHOOK_BODY),
  'veriswarm.list': webhook,
  'veriswarm.deliveries': nothing,
  'veriswarm.retry': numbered,
  'veriswarm.run-retries': nothing,
  'veriswarm.summary': nothing,
  'veriswarm.rotate-secret': webhook,
  'veriswarm.test': webhook,
  'veriswarm.revoke': webhook,
  'veriswarm.keep-number': numberless,
  'ventryx.create': body(VENTRYX_BODY),
  'ventryx.list': nothing,
  'ventryx.get': endpoint,
  'ventryx.update': withBody(endpoint, { events: ['*'] }),
  'ventryx.delete': endpoint,
  'account.health': nothing,
  'account.openapi': nothing,
};

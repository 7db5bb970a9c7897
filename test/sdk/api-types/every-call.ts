import type { Postrider } from '@postrider/sdk';

const id = '{id}';

/** Makes every call of a client once. An id is the name of its parameter. */
export async function callsOf(client: Postrider): Promise<void> {
  await callEndpoints(client);
  await callPolls(client);
  await callEvents(client);
  await callDeliveries(client);
  await callCatalogue(client);
  await callAccess(client);
  await callPlatform(client);
}

async function callEndpoints({ endpoints }: Postrider): Promise<void> {
  await endpoints.create({ url: 'https://example.com', events: ['*'] });
  await endpoints.validate({ url: 'https://example.com', events: ['*'] });
  await endpoints.list().page();
  await endpoints.get(id);
  await endpoints.update(id, { label: 'x' });
  await endpoints.delete(id);
  await endpoints.pause(id);
  await endpoints.resume(id, { held: 'discard' });
  await endpoints.enable(id);
  await endpoints.disable(id);
  await endpoints.revoke(id);
  await endpoints.rotateSecret(id);
  await endpoints.publicKey(id);
  await endpoints.test(id);
  await endpoints.replay(id, { since: '2026-01-01T00:00:00Z' });
}

async function callPolls({ polls }: Postrider): Promise<void> {
  await polls.poll(id);
  await polls.commit(id, '{name}', { from: 'now' });
  await polls.consumers(id).page();
  await polls.remove(id, '{name}');
}

async function callEvents({ events }: Postrider): Promise<void> {
  await events.post({ type: 'a.b', data: {} });
  for await (const { error } of events.postAll([{ type: 'a.b', data: {} }])) if (error) throw error;
  await events.list().page();
  await events.get(id);
  await events.deliveries(id).page();
  await events.replay(id);
  await events.deletePayload(id);
}

async function callDeliveries({ deliveries, jobs }: Postrider): Promise<void> {
  await deliveries.list().page();
  await deliveries.get(id);
  await deliveries.request(id);
  await deliveries.retry(id);
  await deliveries.retryAll({});
  await deliveries.runDue();
  await deliveries.waiting();
  await jobs.get(id);
  await jobs.cancel(id);
}

async function callCatalogue({ eventTypes, dialects, filters }: Postrider): Promise<void> {
  await eventTypes.create({ type: 'a.b', description: 'It happened' });
  await eventTypes.list().page();
  await eventTypes.get(id);
  await eventTypes.update(id, { description: 'It happened' });
  await eventTypes.delete(id);
  await eventTypes.adopt('{name}');
  await eventTypes.openApi();
  await filters.test({ filter: {}, data: {} });
  await dialects.list();
  await dialects.preview('{name}');
}

async function callAccess({ alertMail, apiKeys, secondFactor, auditLog, portal }: Postrider): Promise<void> {
  await alertMail.get();
  await alertMail.set({ address: 'ops@example.com' });
  await alertMail.confirm('k7pm-2x9q-w4tc-8hvn');
  await alertMail.remove();
  await apiKeys.create({ name: 'x', scopes: ['events:write'] });
  await apiKeys.list().page();
  await apiKeys.get(id);
  await apiKeys.rotate(id);
  await apiKeys.revoke(id);
  await secondFactor.get();
  await secondFactor.enrol();
  await secondFactor.confirm('000000');
  await secondFactor.stepUp('000000');
  await secondFactor.replaceRecoveryCodes();
  await secondFactor.disable();
  await auditLog.list().page();
  await portal.create({ user: 'ada' });
  await portal.list().page();
  await portal.get(id);
  await portal.revoke(id);
  await portal.revokeOfUser('ada');
  await portal.extend(id);
  await portal.exchange();
  await portal.current();
  await portal.end();
}

async function callPlatform({ usage, stats, ops, tenants, brake, service }: Postrider): Promise<void> {
  await tenants.create({ id: 'x' });
  await tenants.list().page();
  await tenants.get(id);
  await tenants.update(id, { name: 'x' });
  await tenants.erase(id);
  await tenants.reseal(id);
  await tenants.resetSecondFactor(id);
  await usage.get();
  await stats.get();
  await ops.overview();
  await ops.endpoints().page();
  await ops.usage().page();
  await ops.jobs().page();
  await ops.settings();
  await ops.redrive('{queue}' as never);
  await brake.get();
  await brake.set();
  await brake.release();
  await service.health();
  await service.openApi();
}

import { describe, expect, test } from 'vitest';
import { Api, eventually } from '../../e2e/api.ts';
import { codeAt } from '../../api/over-http/totp.ts';
import { killFunctions } from '../cloud/processes.ts';
import { RareScene } from './rare-scene.ts';

/** What jobs do with a whole tenant, for which they have rights that nothing else needs. */
export function describeTenantEnd(): void {
  describe('all of a tenant, deployed', () => {
    const scene = new RareScene('ended');
    const { stack, workFolder } = scene.deployment;
    const { tables } = scene;
    /** The first of two passes has ended, and the second would come a quarter of an hour later. */
    const firstPassEnds = (jobId: string) =>
      eventually(
        () => tables.jobs.get(scene.tenant, jobId),
        (job) => job?.cursor?.startsWith('[2') === true,
      );
    const ends = async (jobId: string) => {
      await firstPassEnds(jobId);
      await scene.hasten(jobId);
      return eventually(
        () => tables.jobs.get(scene.tenant, jobId),
        (job) => job?.status === 'done',
      );
    };

    /** An endpoint with entries, and a consumer that has come somewhere. */
    const isPolled = async () => {
      const { id } = await scene.api.endpoint({ kind: 'poll' });
      expect((await scene.api.call('PUT', `/v1/endpoints/${id}/consumers/worker`, { from: 'oldest' })).status).toBe(
        200,
      );
    };
    const opensSession = async () => {
      const { code } = await scene.call('POST', '/v1/portal/sessions', { user: 'ada' });
      const visitor = new Api({ url: scene.running.url, apiKey: code });
      expect((await visitor.call('POST', '/v1/portal/sessions/exchange')).status).toBe(200);
    };

    test('its secrets are sealed anew, and its deliveries go on', async () => {
      const at = await scene.receiver();
      const { id } = await scene.api.endpoint({ url: at.url });
      const before = await tables.endpoints.get(scene.tenant, id);
      await scene.beginMonth();
      await killFunctions(workFolder, `${stack.name}-PostriderJobs`);
      const { id: jobId } = await scene.callOfPlatform('POST', `/v1/tenants/${scene.tenant}/reseal`);
      expect(await ends(jobId)).toMatchObject({ processed: 1, skipped: 1 });
      const after = await tables.endpoints.get(scene.tenant, id);
      expect(after).toMatchObject({ generation: before?.generation });
      expect(after?.secrets).not.toEqual(before?.secrets);
      const { id: eventId } = await scene.api.post();
      await scene.ended(eventId, id, 'delivered');
    });

    test('it is erased with all that it has, and refused from then on', async () => {
      const { tenant } = scene;
      const { secret: apiKey } = await scene.call('POST', '/v1/api-keys', { name: 'Ended' });
      const own = new Api({ url: scene.running.url, apiKey });
      await scene.call('POST', '/v1/dialects/vem/event-types');
      const webhook = { label: 'Numbered', callback_url: 'https://example.com/hook', event_types: ['a'] };
      const path = '/v1/public/providers/webhooks';
      expect((await scene.api.call('POST', path, webhook, { 'x-account-access-token': apiKey })).status).toBe(201);
      await scene.waiting();
      await isPolled();
      await opensSession();
      await scene.callOfPlatform('PATCH', `/v1/tenants/${tenant}`, { events_per_second: 100 });
      await scene.api.post();
      await scene.brake();
      const { secret } = (await own.call('POST', '/v1/mfa/enrol')).body;
      await own.call('POST', '/v1/mfa/confirm', { code: codeAt(secret, Date.now()) });

      const { id: jobId } = await scene.callOfPlatform('DELETE', `/v1/tenants/${tenant}`);
      expect((await scene.api.call('POST', '/v1/events', { type: 'a', data: {} })).status).toBe(410);
      const job = await ends(jobId);
      expect(job?.removed).toMatchObject({
        apiKeys: 1,
        endpoints: 3,
        events: 2,
        numbers: 1,
        counters: expect.any(Number),
      });
      // The gateway remembers for some seconds whose key it is.
      await eventually(
        () => own.call('GET', '/v1/endpoints'),
        ({ status }) => status === 401,
      );
    });
  });
}

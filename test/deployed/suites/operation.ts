import { describe, expect, test } from 'vitest';
import { Api, eventually } from '../../e2e/api.ts';
import { deploy, diff } from '../cloud/stack.ts';
import { run } from '../cloud/child-process.ts';
import { npm } from './deployed.ts';
import { RareScene } from './rare-scene.ts';

/** What docs/deploy.md tells an operator to type. */
export function describeOperation(): void {
  describe('operation, deployed', () => {
    const scene = new RareScene('operation');
    const { stack, apiUrl, apiKey } = scene.deployment;

    test('a second deployment changes nothing, and cdk diff finds none', async () => {
      expect(await deploy(stack)).toContain('(no changes)');
      await diff(stack);
    });

    test('smoke finds everything well, as an npm script and as a command', async () => {
      const at = await scene.receiver();
      const told = await npm(stack, 'smoke', '--api', apiUrl, '--key', apiKey, '--receiver-url', at.url);
      expect(told).not.toMatch(/FAILED|skipped/);
      expect(told).toContain('ok       the event is delivered');
      const options = ['smoke', '--api-url', apiUrl, '--api-key', apiKey, '--receiver-url', at.url];
      const byCommand = await run('postrider', options, { cwd: stack.project, env: stack.environment });
      expect(byCommand).not.toMatch(/FAILED|skipped/);
      expect(byCommand).toContain('the event is delivered');
    });

    test('a request without a key is refused by the gateway itself, one with an unknown key by Postrider', async () => {
      const without = await fetch(`${apiUrl}/v1/endpoints`);
      expect(without.status).toBe(401);
      expect(await without.json()).toEqual({ message: 'Unauthorized' });
      const unknown = await new Api({ url: apiUrl, apiKey: 'prk_unknown' }).call('GET', '/v1/endpoints');
      expect(unknown).toMatchObject({ status: 401, body: { type: '/problems/unauthorized', status: 401 } });
    });

    test('a tenant’s key by create-key works for that tenant only', async () => {
      const key = await npm(stack, 'create-key', '--stack', stack.name, '--tenant', 'org_keyed');
      const ofTenant = (tenant: string) => new Api({ url: apiUrl, apiKey: key.trim() }, tenant);
      expect((await ofTenant('org_keyed').call('GET', '/v1/endpoints')).status).toBe(200);
      expect((await ofTenant('org_other').call('GET', '/v1/endpoints')).status).toBe(403);
    });

    test('inspect answers what somebody asks at night', async () => {
      const { endpoint, eventId, delivery } = await scene.waiting();
      const inspect = (...question: string[]) =>
        npm(stack, 'inspect', ...question, '--url', apiUrl, '--key', apiKey, '--tenant', scene.tenant);
      const questions = [
        ['delivery', delivery.id],
        ['event', eventId],
        ['endpoint', endpoint.id],
        ['retries'],
        ['failing'],
      ];
      const [ofDelivery, ofEvent, ofEndpoint, retries, failing] = await Promise.all(
        questions.map((question) => inspect(...question)),
      );
      expect(ofDelivery).toContain('retrying');
      expect(ofEvent).toContain(delivery.id);
      expect(ofEndpoint).toContain(endpoint.url);
      expect(retries).toMatch(/^retrying +1$/m);
      expect(failing).toMatch(/^failing endpoints: \d+/);
      expect(await inspect('dead-letters')).toMatch(/^in poison +\d+$/m);
    });

    test('redrive says what it sent, or that there was nothing', async () => {
      const at = await scene.receiver((nth) => (nth === 1 ? 500 : 200));
      const endpoint = await scene.api.endpoint({ url: at.url, retry: { delays: [] } });
      const { id } = await scene.api.post();
      await scene.ended(id, endpoint.id, 'exhausted');
      expect(await npm(stack, 'redrive', 'exhausted', '--stack', stack.name)).toMatch(
        /^retries: \d+ sent from exhausted/,
      );
      await scene.ended(id, endpoint.id, 'delivered');
      // What other tests left there comes back each time, because their receivers are gone.
      await eventually(
        async () => {
          await scene.empty('exhausted');
          return npm(stack, 'redrive', 'exhausted', '--stack', stack.name);
        },
        (told) => told === 'exhausted: nothing to redrive\n',
      );
    });
  });
}

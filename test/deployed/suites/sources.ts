import type { Message } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../e2e/api.ts';
import type { StackName } from '../cloud/deployment.ts';
import { aws } from '../cloud/stack.ts';
import { SHOP } from '../cloud/surroundings.ts';
import { RareScene } from './rare-scene.ts';

/** What docs/sources.md promises of a queue and of an EventBridge bus. */
export function describeSources(stackName: StackName): void {
  describe('sources, deployed', () => {
    const scene = new RareScene('sources', stackName);
    const { stack, outputs, surroundings } = scene.deployment;
    const refusedUrl = outputs.RefusedQueueUrl ?? '';
    const bill = (message: unknown) => scene.send(surroundings.billing, JSON.stringify(message));
    const worked = () =>
      eventually(
        () => scene.countAt(surroundings.billing),
        (count) => count === 0,
      );
    const put = (detail: object) => {
      const entry = { Source: SHOP, DetailType: 'order.placed', Detail: JSON.stringify(detail) };
      return aws(stack, 'events', 'put-events', '--entries', JSON.stringify([entry]));
    };
    const arrived = async (count: number) => {
      const at = await scene.receiver();
      await scene.api.endpoint({ url: at.url });
      return async () => {
        const arrivals = await eventually(
          async () => at.arrivals,
          ({ length }) => length >= count,
        );
        return arrivals.map(({ body }) => JSON.parse(body));
      };
    };
    /** So many refused messages, each as the source, the code, the reason and the body. */
    const refused = async (count: number) => {
      const taken: Message[] = [];
      await eventually(
        async () => taken.push(...(await scene.take(refusedUrl))),
        (all) => all >= count,
      );
      return taken.map(({ Body, MessageAttributes: { source, error_code: code, error_message: why } = {} }) => ({
        source: source?.StringValue,
        code: code?.StringValue,
        why: why?.StringValue,
        body: Body,
      }));
    };

    test('a message of a queue becomes an event, and its repeat is the same event', async () => {
      const events = await arrived(2);
      const paid = { tenant_id: scene.tenant, type: 'invoice.paid', data: { n: 1 }, idempotency_key: 'one' };
      for (const message of [paid, paid, { ...paid, data: { n: 2 }, idempotency_key: 'two' }]) await bill(message);
      expect((await events()).map(({ type, data }) => [type, data.n]).toSorted()).toEqual([
        ['invoice.paid', 1],
        ['invoice.paid', 2],
      ]);
      await worked();
      const { data } = await scene.api.get('/v1/events');
      expect(data).toHaveLength(2);
    });

    test('an event of a bus becomes an event, as the declaration says', async () => {
      const events = await arrived(1);
      await put({ tenant: scene.tenant, order: 4711 });
      const [{ type, data }] = await events();
      expect({ type, data }).toEqual({ type: 'order.placed', data: { tenant: scene.tenant, order: 4711 } });
    });

    test('what can’t be an event is kept with the reason, and stops no other', async () => {
      const events = await arrived(1);
      await put({ order: 4712 });
      await scene.send(surroundings.billing, 'no JSON');
      await bill({ tenant_id: scene.tenant, type: 'no type!', data: {} });
      await bill({ tenant_id: scene.tenant, type: 'invoice.paid', data: {} });
      expect(await events()).toHaveLength(1);
      const all = await refused(3);
      expect(all.map(({ source, code, why }) => [source, code, why]).toSorted()).toEqual([
        ['billing', expect.any(String), expect.stringContaining('JSON')],
        ['billing', expect.any(String), expect.stringContaining('type')],
        ['orders', expect.any(String), expect.stringContaining('tenant_id')],
      ]);
      expect(all.map(({ body }) => body)).toContain('no JSON');
    });
  });
}

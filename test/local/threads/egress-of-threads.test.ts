import { expect, test } from 'vitest';
import { readEgressRules } from '../../../lib/domain/egress-rules.ts';
import { LOCAL_POLICY } from '../../../lib/domain/url-policy.ts';
import { eventually } from '../../e2e/api.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { readyThreads, withThreads } from './scene.ts';

test('a thread sends where the operator’s lists of networks let it', async () => {
  const receiver = await Receiver.start();
  const lists = readEgressRules({ refusedCidrs: ['203.0.113.0/24', '2001:db8::/32'], allowedCidrs: ['10.0.0.0/8'] });
  await withThreads(
    {},
    async (scene) => {
      const { api, log } = scene;
      await readyThreads(scene);
      const endpoint = await api.endpoint({ url: receiver.url });
      const { id } = await api.post();
      await eventually(
        async () => log.named('dispatch.attempt').length,
        (made) => made > 0,
      );
      expect(await api.delivery(id, endpoint.id)).toMatchObject({ status: 'delivered', attempt_number: 1 });
    },
    { egress: { ...LOCAL_POLICY, ...lists } },
  );
  await receiver.stop();
}, 60_000);

test('a thread sends nothing to a network that the operator refuses, whatever name leads there', async () => {
  const receiver = await Receiver.start();
  const lists = readEgressRules({ refusedCidrs: ['127.0.0.0/8', '::1/128'] });
  await withThreads(
    {},
    async (scene) => {
      const { api, log } = scene;
      await readyThreads(scene);
      await api.endpoint({ url: receiver.url.replace('127.0.0.1', 'localhost') });
      await api.post();
      await eventually(
        async () => log.named('dispatch.attempt').length,
        (made) => made > 0,
      );
      expect(log.named('dispatch.attempt')[0]?.fields).toHaveProperty('refused_address');
      expect(receiver.arrivals).toEqual([]);
    },
    { egress: { ...LOCAL_POLICY, ...lists } },
  );
  await receiver.stop();
}, 60_000);

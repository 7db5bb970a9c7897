import { expect, test } from 'vitest';
import { openSender } from '../../lambdas/runtime/sender.ts';
import { startCustomer } from '../support/customer-server.ts';
import { testDeployment } from './calls.ts';

/** What an instance of Lambda may have open ("Lambda quotas"), and the part that may be kept for later. */
const DESCRIPTORS = 1024;
const MOST_KEPT = DESCRIPTORS / 4;

test('the connections that an instance keeps leave file descriptors for requests to come, however many hosts it sends to', async () => {
  const sender = openSender(testDeployment({ urlPolicy: { allowHttp: true, allowLoopback: true } }));
  const customers = await Promise.all(
    Array.from({ length: MOST_KEPT + 10 }, () => startCustomer((_, response) => response.end())),
  );
  for (const { url } of customers) {
    const request = { url, method: 'POST' as const, headers: {}, body: new Uint8Array(), maxResponseBytes: 0 };
    expect(await sender.send({ ...request, timeoutMs: 5000 })).toMatchObject({ statusCode: 200 });
  }
  const open = () => customers.filter(({ sockets }) => sockets.some((socket) => !socket.destroyed)).length;
  await expect.poll(open).toBeLessThanOrEqual(MOST_KEPT);
  await sender.close();
});

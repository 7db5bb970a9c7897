import { expect, test, vi } from 'vitest';
import { Postrider } from '../../../sdk/src/postrider.ts';
import { embedded } from '../../e2e/embedded.ts';
import { Receiver } from '../../e2e/receiver.ts';
import { isLong } from '../../support/extent.ts';
import { Running } from './listening.ts';

const EVENTS = isLong ? 5000 : 500;

test(`${EVENTS} events go through it, and none is missing`, { timeout: 180_000 }, async () => {
  const service = await embedded.start();
  const receiver = await Receiver.start();
  const { url: baseUrl, apiKey } = service;
  const env = { POSTRIDER_URL: baseUrl, POSTRIDER_API_KEY: apiKey };
  const listening = new Running(['listen', '-f', receiver.url], { env });
  try {
    await listening.sees('Forwarding * to');
    const events = Array.from({ length: EVENTS }, (_, n) => ({ type: 'task.completed', data: { n } }));
    const posted: string[] = [];
    for await (const outcome of new Postrider({ apiKey, baseUrl }).events.postAll(events))
      posted.push(outcome.accepted?.id ?? 'refused');
    const ids = () => new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id']));
    await vi.waitUntil(() => ids().size >= EVENTS, { timeout: 120_000, interval: 500 });
    expect(new Set(posted).size).toBe(EVENTS);
    expect(ids()).toEqual(new Set(posted));
  } finally {
    await listening.interrupt();
    await receiver.stop();
    await service.stop();
  }
});

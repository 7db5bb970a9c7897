import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newId } from '../../../lib/domain/ids.ts';
import { makePair } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
  await makePair(fixture, [60]);
});
afterEach(() => fixture.close());

/** Events that match no webhook, and so have no delivery. */
async function postToNobody(count: number): Promise<void> {
  await fixture.clock.advance(1000);
  const acceptedAt = fixture.clock.now();
  for (let n = 0; n < count; n += 1) {
    const id = newId('evt', { now: () => acceptedAt, fraction: () => fixture.ports.random.fraction() });
    const event = { tenantId: 'default', id, type: 'a.b', data: '{}', acceptedAt, endpointIds: [] };
    await fixture.store.events.putUnlessExists(event);
  }
}

it('the newest delivery is found behind thousands of events that went to nobody', async () => {
  await postToNobody(3000);
  expect(await fixture.succeed('veriswarm.deliveries')).toHaveLength(1);
});

it('one call reads a bounded number of events, however many went to nobody', async () => {
  await postToNobody(7000);
  const pages = vi.spyOn(fixture.store.events, 'page');
  expect(await fixture.succeed('veriswarm.deliveries')).toHaveLength(0);
  const reads = await Promise.all(pages.mock.results.map(({ value }) => value as Promise<unknown[]>));
  expect(reads.flat().length).toBeGreaterThan(2000);
  expect(reads.flat().length).toBeLessThan(6000);
});

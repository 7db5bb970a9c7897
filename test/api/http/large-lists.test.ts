import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RouteId } from '../../../lib/api/routes.ts';
import { type Pair, makePair, writeFailed } from '../failed-delivery.ts';
import { ApiFixture } from '../fixture.ts';

/** Of a Lambda's answer, in which the body is a JSON string. */
const LAMBDA_BYTES = 6_291_556;

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

/** Every page, as a client reads them. */
async function pages(query: Record<string, string>, route: RouteId = 'events.list') {
  const all: { ids: string[]; bytes: number }[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body = '' } = await fixture.call(route, { query: { ...query, ...(cursor && { cursor }) } });
    expect(status).toBe(200);
    const page = JSON.parse(body) as { data: { id: string }[]; next_cursor: string | null };
    all.push({ ids: page.data.map(({ id }) => id), bytes: Buffer.byteLength(JSON.stringify(body)) });
    cursor = page.next_cursor;
  }
  return all;
}

it.each([
  ['plain text', 'x'.repeat(262_000)],
  ['what grows most on its way', '"\\'.repeat(65_500)],
])('lists large events in pages that Lambda can answer: %s', async (_, text) => {
  const posted: string[] = [];
  for (let n = 0; n < 60; n += 1) {
    const { id } = await fixture.succeed('events.post', { body: { type: 'a', data: text.slice(n) } });
    posted.unshift(id);
    await fixture.clock.advance(1);
  }
  const all = await pages({ limit: '200' });
  expect(all.flatMap(({ ids }) => ids)).toEqual(posted);
  for (const { bytes } of all) expect(bytes).toBeLessThan(LAMBDA_BYTES);
  expect(all.length).toBeLessThan(12);
});

it('lists small events in pages of the limit', async () => {
  for (let n = 0; n < 120; n += 1) await fixture.succeed('events.post', { body: { type: 'a', data: n } });
  expect((await pages({ limit: '50' })).map(({ ids }) => ids.length)).toEqual([50, 50, 20]);
});

it('lists endpoints with large headers and metadata in pages that Lambda can answer', async () => {
  const texts = (length: number, text: string) => (_: unknown, n: number) => [`x-${n}`, text.repeat(length)];
  const headers = Object.fromEntries(Array.from({ length: 20 }, texts(1000, '"')));
  const metadata = Object.fromEntries(Array.from({ length: 20 }, texts(500, '\\')));
  const made: string[] = [];
  for (let n = 0; n < 120; n += 1) {
    const body = { url: 'https://example.com/hooks', events: ['*'], headers, metadata };
    made.push((await fixture.succeed('endpoints.create', { body })).id);
    await fixture.clock.advance(1);
  }
  await fixture.succeed('endpoints.delete', { params: { id: made.pop() ?? '' } });
  const all = await pages({ limit: '200' }, 'endpoints.list');
  expect(all.flatMap(({ ids }) => ids)).toEqual(made);
  for (const { bytes } of all) expect(bytes).toBeLessThan(LAMBDA_BYTES);
  expect([all.length > 1, all.length < 5]).toEqual([true, true]);
});

it.each([{ status: 'exhausted' }, { status: 'exhausted', ofOne: true }, { ofOne: true }])(
  'answers what came since a time at once, however much came before: %o',
  async ({ ofOne, ...filter }) => {
    const pair: Pair = await makePair(fixture, []);
    const since = new Date(fixture.clock.now() + 500).toISOString();
    for (let ordinal = 1; ordinal <= 30; ordinal += 1) {
      await writeFailed(fixture, pair, { ordinal, status: 'exhausted' }, new Uint8Array());
    }
    await fixture.clock.advance(1000);
    const { id: eventId } = await fixture.succeed('events.post', { body: { type: 'task.completed', data: 1 } });
    await writeFailed(fixture, { ...pair, eventId }, { status: 'exhausted' }, new Uint8Array());
    const query = { ...filter, ...(ofOne && { endpoint_id: pair.endpointId }), since, limit: '5' };
    const { data, next_cursor: cursor } = await fixture.succeed('deliveries.list', { query });
    expect(data.map((delivery: { event_id: string }) => delivery.event_id)).toEqual([eventId]);
    expect(cursor).toBeNull();
  },
);

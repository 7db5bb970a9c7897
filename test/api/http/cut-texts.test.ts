import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

/** An even and an odd place to cut at: one of them is in the middle of a character. */
const TOWERS = ['🗼'.repeat(2000), `x${'🗼'.repeat(2000)}`];
const NAMES = TOWERS.map((tower) => tower.slice(-400).toWellFormed());

type Row = [string, Parameters<ApiFixture['call']>[0], string];

it.each<Row>([
  ...TOWERS.map((tower): Row => [
    'what a filter test found',
    'filters.test',
    JSON.stringify({ filter: { a: 1 }, data: { a: tower } }),
  ]),
  ...NAMES.map((name): Row => [
    'the name of an unknown field',
    'events.post',
    JSON.stringify({ type: 'a', data: {}, [`x${name}`]: 1 }),
  ]),
  ...NAMES.map((name): Row => [
    'a place in a schema',
    'event-types.create',
    JSON.stringify({ type: 'a', description: 'd', schema: { properties: { [name]: { pattern: 'x' } } } }),
  ]),
  ['a name with half a pair', 'events.post', '{"type":"a","data":{"\\udfff":1}}'],
  ...TOWERS.map((tower): Row => ['text that is no JSON', 'events.post', tower]),
])('%s is valid Unicode in the answer', async (_, route, body) => {
  const answer = await fixture.call(route, { body });
  // JSON.stringify writes half a surrogate pair as an escape, which strict readers refuse.
  expect(answer.body).not.toMatch(/\\ud[89a-f]/);
});

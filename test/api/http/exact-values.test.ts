import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiFixture } from '../fixture.ts';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await ApiFixture.open();
});
afterEach(() => fixture.close());

const EXACT = '{"id":12345678901234567890,"rate":0.1000000000000000055,"big":1E20,"list":[1.5e3,7]}';

/** What is rendered for the customers: JSON text. */
async function keptData(id: string): Promise<string | undefined> {
  return (await fixture.store.events.get('default', id))?.data;
}

it('keeps the exact value of each number in data and trace, and shows it', async () => {
  const body = `{"type":"a","data":${EXACT},"trace":{"span":98765432109876543210}}`;
  const { id } = await fixture.succeed('events.post', { body });
  expect(await keptData(id)).toBe(EXACT);
  const shown = await fixture.call('events.get', { params: { id } });
  expect(shown.body).toContain(`"data":${EXACT}`);
  expect(shown.body).toContain('"trace":{"span":98765432109876543210}');
});

it('keeps it in a batch, for each event', async () => {
  const events = `[{"type":"a","data":${EXACT}},{"type":"a","data":1.50},{"type":"a","data":12345678901234567890}]`;
  const { data } = await fixture.succeed('events.batch', { body: `{"events":${events}}` });
  const kept = await Promise.all(data.map(({ id }: { id: string }) => keptData(id)));
  expect(kept).toEqual([EXACT, '1.50', '12345678901234567890']);
});

it('keeps it in the example of an event type, in the document of webhooks and in the test event', async () => {
  const body = `{"type":"a","description":"d","example":${EXACT}}`;
  const created = await fixture.call('event-types.create', { body });
  expect(created.body).toContain(`"example":${EXACT}`);
  const document = await fixture.call('event-types.webhooks');
  expect(document.body).toContain(`"data":${EXACT}`);
  const endpoint = await fixture.succeed('endpoints.create', { body: { url: 'https://example.com/', events: ['a'] } });
  const { event_id: id } = await fixture.succeed('endpoints.test', { params: { id: endpoint.id } });
  expect(await keptData(id)).toBe(EXACT);
});

it('keeps it in the JSON Schema of an event type, and in the document of webhooks', async () => {
  const schema =
    '{"type":"integer","maximum":12345678901234567890,"multipleOf":1.0,"enum":[0.1000000000000000055,1E2]}';
  const body = `{"type":"a","description":"d","schema":${schema}}`;
  const created = await fixture.call('event-types.create', { body });
  expect(created.body).toContain(`"schema":${schema}`);
  expect((await fixture.call('event-types.webhooks')).body).toContain(`"data":${schema}`);
  const edited = await fixture.call('event-types.update', { params: { id: 'a' }, body: '{"schema":{"minimum":1e2}}' });
  expect(edited.body).toContain('"schema":{"minimum":1e2}');
});

it.each(['1e2', '12345678901234567890', '{"minLength":-1e2}', '{"type":1e2}', '{"properties":1e2}'])(
  'refuses the JSON Schema %s',
  async (schema) => {
    const body = `{"type":"a","description":"d","schema":${schema}}`;
    expect(await fixture.refused('event-types.create', { body })).toMatchObject({ errors: [{ field: 'schema' }] });
  },
);

it('takes numbers whose plain form would be larger than a body may be', async () => {
  const data = `[${'1E20,'.repeat(40_000)}1]`;
  const { id } = await fixture.succeed('events.post', { body: `{"type":"a","data":${data}}` });
  expect(await keptData(id)).toBe(data);
});

it('tells two posts of one key apart by the exact value', async () => {
  const post = (n: string) => ({ body: `{"type":"a","data":${n}}`, headers: { 'idempotency-key': 'key' } });
  const first = await fixture.succeed('events.post', post('12345678901234567890'));
  expect(await fixture.succeed('events.post', post('12345678901234567890'))).toEqual(first);
  const problem = await fixture.refused('events.post', post('12345678901234567891'));
  expect(problem).toMatchObject({ status: 409, type: '/problems/idempotency-conflict' });
});

it('reads a number of its own fields as a number, however it is written', async () => {
  const body =
    '{"url":"https://example.com/","events":["*"],"timeout_seconds":1e1,"rate_limit_per_second":0.5000000000000000001}';
  expect(await fixture.succeed('endpoints.create', { body })).toMatchObject({
    timeout_seconds: 10,
    rate_limit_per_second: 0.5,
  });
});

it.each<[string, string, string, string]>([
  ['a number beyond a double', '{"type":"a","data":{"n":[1,1e400]}}', 'data.n[1]', 'send it as a string'],
  ['a negative one', '{"type":"a","data":-1E999}', 'data', 'send it as a string'],
  ['a field that is given twice', '{"type":"a","type":"b","data":1}', 'type', 'is given twice: remove one'],
  ['a member of data that is given twice', '{"type":"a","data":[{"x":1,"x":1}]}', 'data[0].x', 'is given twice'],
  ['two spellings of one name', '{"type":"a","data":{"a":1,"\\u0061":2}}', 'data.a', 'is given twice'],
  ['__proto__ twice', '{"type":"a","data":{"__proto__":1,"__proto__":2}}', 'data.__proto__', 'is given twice'],
  ['a NUL in data', '{"type":"a","data":"a\\u0000b"}', 'data', 'without NUL'],
  ['a NUL in a name', '{"type":"a","data":{"a\\u0000":1}}', 'data.a\0', 'without NUL'],
  ['a NUL in a field', '{"type":"a","data":1,"external_id":"\\u0000"}', 'external_id', 'without NUL'],
  ['half a surrogate pair in data', '{"type":"a","data":["\\ud83d"]}', 'data[0]', 'valid Unicode'],
  ['half a pair after an escaped backslash', '{"type":"a","data":"\\\\ud83d\\ude00"}', 'data', 'valid Unicode'],
  ['half a pair in trace', '{"type":"a","data":1,"trace":{"\\udc00":1}}', 'trace.\ufffd', 'valid Unicode'],
])('refuses %s, and names the field', async (_, body, field, words) => {
  const problem = await fixture.refused('events.post', { body });
  expect(problem).toMatchObject({ status: 422, type: '/problems/invalid-request' });
  expect(problem.errors).toEqual([{ field, message: expect.stringContaining(words) }]);
});

it.each([
  ['metadata', { metadata: { a: 'x\0' } }, 'metadata.a'],
  ['a label', { label: '\ud800' }, 'label'],
  ['a name in metadata', { metadata: { '\ud800': 'x' } }, 'metadata.\ufffd'],
  ['a URL', { url: 'https://example.com/\0' }, 'url'],
  ['a secret', { signing_secret: 'whsec_\0' }, 'signing_secret'],
])('holds %s of an endpoint to the same rule', async (_, more, field) => {
  const body = { url: 'https://example.com/', events: ['*'], ...more };
  expect((await fixture.refused('endpoints.create', { body })).errors).toMatchObject([{ field }]);
});

it('takes escaped pairs, escaped backslashes, and text that only looks like a fault', async () => {
  const data = '{"a":"\\ud83d\\ude00","b":"\\\\u0000","c":"\\"a\\":1,\\"a\\":1e400","d":{"a":1},"e":{"a":1}}';
  const { id } = await fixture.succeed('events.post', { body: `{"type":"a","data":${data}}` });
  expect(JSON.parse((await keptData(id)) ?? '')).toEqual(JSON.parse(data));
});

it('answers a fault of one event of a batch in its place', async () => {
  const good = '{"type":"a","data":12345678901234567890}';
  const bad = [
    '{"type":"a","data":1e400}',
    '{"type":"a","data":{"x":1,"x":2}}',
    '"\\ud800"',
    '{"type":"a","data":"\\u0000"}',
  ];
  const { data } = await fixture.succeed('events.batch', { body: `{"events":[${good},${bad.join()},${good}]}` });
  const fields = data.map(({ error }: { error?: { errors: { field: string }[] } }) => error?.errors[0]?.field);
  expect(fields).toEqual([undefined, 'data', 'data.x', '', 'data', undefined]);
  expect(await keptData(data[5].id)).toBe('12345678901234567890');
});

it('refuses a batch whose list of events is given twice', async () => {
  const body = '{"events":[{"type":"a","data":1}],"events":[{"type":"a","data":2}]}';
  expect((await fixture.refused('events.batch', { body })).errors).toMatchObject([{ field: 'events' }]);
});

it('reads a body that is full of faults in less than a second, and names twenty', async () => {
  const body = `{"type":"a","data":[${'{"":0,"":0},'.repeat(20_000)}1]}`;
  const startedAt = performance.now();
  const { errors } = await fixture.refused('events.post', { body });
  expect(errors).toHaveLength(20);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

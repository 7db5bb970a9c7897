import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readInput } from '../../../lib/api/http/read-input.ts';
import { ApiFixture, type Call, routeOf } from '../fixture.ts';

let fixture: ApiFixture;
let endpointId: string;

beforeAll(async () => {
  fixture = await ApiFixture.open();
  endpointId = (await fixture.succeed('endpoints.create', { body: endpoint() })).id;
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.lines.length = 0;
});

const event = (more: object = {}) => ({ type: 'task.completed', data: {}, ...more });
const endpoint = (more: object = {}) => ({ url: 'https://example.com/hooks', events: ['*'], ...more });
const json = (text: string): Call => ({ body: text });

it.each<[string, Call, number, string]>([
  ['no body', {}, 400, 'send a JSON object'],
  ['an empty body', { body: '' }, 400, 'send a JSON object'],
  ['invalid JSON', json('{"type": '), 400, 'not valid JSON'],
  ['invalid UTF-8', { body: Uint8Array.of(0x22, 0xff, 0x22) }, 400, 'encode the JSON text as UTF-8'],
  [
    'another content type',
    { body: 'type=a', headers: { 'content-type': 'text/plain' } },
    415,
    'instead of "text/plain"',
  ],
  [
    'a compressed body',
    { body: '{}', headers: { 'content-encoding': 'gzip' } },
    415,
    'without `Content-Encoding: gzip`',
  ],
  [
    'another charset',
    { body: '{}', headers: { 'content-type': 'application/json; charset=ISO-8859-1' } },
    415,
    'without `charset=iso-8859-1`',
  ],
  ['no content type', { body: '{}', headers: { 'content-type': '' } }, 415, '`Content-Type: application/json`'],
  ['a body over 256 KiB', { body: event({ data: 'x'.repeat(262_144) }) }, 413, 'larger than 262144 bytes: send less'],
  ['a list as the body', json('[]'), 422, 'The body must be an object'],
  ['null as the body', json('null'), 422, 'The body must be an object'],
  ['an unknown field', { body: event({ foo: 1 }) }, 422, 'Unknown field `foo`: remove it'],
  ['an unknown field inside', { body: event({ project: { id: 'p', x: 1 } }) }, 422, 'Unknown field `project.x`'],
  ['a missing type', { body: { data: {} } }, 422, '`type` is missing: add it'],
  ['missing data', { body: { type: 'a' } }, 422, '`data` is missing: add it'],
  ['a number as the type', { body: event({ type: 5 }) }, 422, '`type` must be a string'],
  ['an empty type', { body: event({ type: '' }) }, 422, '`type` must be segments'],
  ['a type with an empty segment', { body: event({ type: 'a..b' }) }, 422, '`type` must be segments'],
  ['a pattern as the type', { body: event({ type: 'a.*' }) }, 422, '`type` must be segments'],
  ['a type that is too long', { body: event({ type: 'a'.repeat(129) }) }, 422, 'at most 128 characters'],
  ['a list as the trace', { body: event({ trace: [] }) }, 422, '`trace` must be a JSON object'],
  [
    'a trace that is too large',
    { body: event({ trace: { a: 'é'.repeat(17_000) } }) },
    422,
    '`trace` must be at most 32 KB',
  ],
  ['a number as the trace id', { body: event({ trace: { trace_id: 1 } }) }, 422, '`trace.trace_id` must be a text'],
  ['an empty span id', { body: event({ trace: { span_id: '' } }) }, 422, '`trace.span_id` must be a text'],
  ['a list as the parent', { body: event({ trace: { parent: [] } }) }, 422, '`trace.parent` must be a JSON object'],
  ['a day as the time', { body: event({ occurred_at: '2026-02-06' }) }, 422, '`occurred_at` must be an ISO 8601 time'],
  ['an empty external id', { body: event({ external_id: '' }) }, 422, '`external_id` must have at least 1 character'],
  ['half a surrogate pair', json('{"type":"a","data":1,"external_id":"\\ud800"}'), 422, 'send valid Unicode'],
  ['deep nesting', json(`{"type":"a","data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`), 422, 'flatten it'],
  ['__proto__ as a field', json('{"type":"a","data":1,"__proto__":{"x":1}}'), 422, 'Unknown field `__proto__`'],
  [
    'an empty idempotency key',
    { body: event(), headers: { 'idempotency-key': '' } },
    400,
    '`idempotency-key` must be 1 to',
  ],
  [
    'an idempotency key that is too long',
    { body: event(), headers: { 'idempotency-key': 'k'.repeat(256) } },
    400,
    '255',
  ],
  ['an idempotency key beyond ASCII', { body: event(), headers: { 'idempotency-key': 'é' } }, 400, 'printable ASCII'],
  ['a parameter that the route has not', { body: event(), query: { limit: '1' } }, 400, 'Unknown field `limit`'],
])('refuses an event with %s and says what to do', async (_, call, status, words) => {
  const problem = await fixture.refused('events.post', call);
  expect(problem.status).toBe(status);
  expect(problem.detail).toContain(words);
});

it.each<[string, object, string, string]>([
  ['no URL', { url: undefined }, 'url', 'Give the URL that deliveries are sent to'],
  ['a URL without a host', { url: 'https://' }, 'url', 'Give a whole URL'],
  ['a URL without a scheme', { url: 'example.com' }, 'url', 'Give a whole URL'],
  ['ftp', { url: 'ftp://example.com/' }, 'url', 'starts with https://'],
  ['plain http', { url: 'http://example.com/' }, 'url', 'starts with https://'],
  ['a private address', { url: 'https://10.0.0.8/' }, 'url', 'Use a public address'],
  ['the metadata address', { url: 'https://169.254.169.254/' }, 'url', 'Use a public address'],
  ['this machine', { url: 'https://localhost/' }, 'url', 'Use a public host name'],
  ['no events', { events: [] }, 'events', '`events` must have at least 1 entry'],
  ['too many events', { events: Array(101).fill('a') }, 'events', '`events` must have at most 100 entries'],
  ['a bad pattern', { events: ['a', '*.b'] }, 'events[1]', '`events[1]` must be an event type'],
  ['an unknown dialect', { dialect: 'latin' }, 'dialect', 'Use one of standard'],
  ['a dialect of the prototype', { dialect: 'constructor' }, 'dialect', 'Use one of standard'],
  ['an unknown preset', { retry: { preset: 'often' } }, 'retry.preset', '`retry.preset` must be one of standard, '],
  ['no delay at all', { retry: {} }, 'retry', '`retry` must be {"preset": "<name>"} or {"delays"'],
  ['preset and delays', { retry: { preset: 'vem', delays: [1] } }, 'retry', '`retry` must be {"preset"'],
  ['a delay of 0', { retry: { delays: [1, 0] } }, 'retry.delays[1]', '`retry.delays[1]` must be at least 1'],
  ['half a second', { retry: { delays: [0.5] } }, 'retry.delays[0]', '`retry.delays[0]` must be a whole number'],
  ['20 delays', { retry: { delays: Array(20).fill(1) } }, 'retry.delays', 'must have at most 19 entries'],
  ['more than 13 days', { retry: { delays: [1_123_201] } }, 'retry.delays', 'must be at most 13 days'],
  ['a timeout of 31 s', { timeout_seconds: 31 }, 'timeout_seconds', '`timeout_seconds` must be at most 30'],
  ['a number as metadata', { metadata: { a: 1 } }, 'metadata.a', '`metadata.a` must be a string'],
  ['a reserved header', { headers: { 'Webhook-Id': 'a' } }, 'headers', 'it is set for you'],
  ['a header with a line break', { headers: { 'x-a': 'b\r\nc: d' } }, 'headers', 'Use printable ASCII'],
  ['a label that is too long', { label: 'x'.repeat(256) }, 'label', '`label` must have at most 255 characters'],
])('refuses an endpoint with %s and names the field', async (_, more, field, words) => {
  const problem = await fixture.refused('endpoints.create', { body: endpoint(more) });
  expect(await fixture.refused('endpoints.validate', { body: endpoint(more) })).toEqual(problem);
  expect(problem.status).toBe(422);
  expect(problem.detail).toContain(words);
  expect(problem.errors).toEqual([{ field, message: problem.detail }]);
});

it('refuses 21 pairs of metadata', async () => {
  const metadata = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, 'v']));
  const problem = await fixture.refused('endpoints.create', { body: endpoint({ metadata }) });
  expect(problem.detail).toBe('`metadata` must have at most 20 entries.');
});

it.each(['metadata', 'headers'])('refuses __proto__ as a name in %s instead of losing it', async (field) => {
  const body = `{"url":"https://example.com/","events":["*"],"${field}":{"__proto__":"v"}}`;
  const problem = await fixture.refused('endpoints.create', { body });
  expect(problem.errors?.[0]?.field).toBe(`${field}.__proto__`);
});

it('refuses a secret that the dialect cannot use, without repeating it', async () => {
  const problem = await fixture.refused('endpoints.create', { body: endpoint({ signing_secret: 'hunter2' }) });
  expect(problem).toMatchObject({ status: 422, detail: expect.stringContaining('whsec_') });
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

it('names all fields that must change, at most 20', async () => {
  const two = await fixture.refused('events.post', { body: { typ: 'a', data: 1 } });
  expect(two.errors?.map(({ field }) => field)).toEqual(['type', 'typ']);
  expect(two.detail).toContain('(And 1 more: see errors.)');

  const body = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, 1]));
  expect((await fixture.refused('events.post', { body })).errors).toHaveLength(20);
});

it.each<[string, object, string]>([
  ['nothing to change', {}, 'must have at least one field to change'],
  ['a dialect', { dialect: 'standard' }, 'Unknown field `dialect`'],
  ['no URL any more', { url: null }, '`url` must be a string'],
])('refuses an edit with %s', async (_, body, words) => {
  const problem = await fixture.refused('endpoints.update', { params: { id: endpointId }, body });
  expect(problem).toMatchObject({ status: 422, detail: expect.stringContaining(words) });
});

it('refuses fields in the body of a call that has none', async () => {
  const problem = await fixture.refused('endpoints.pause', { params: { id: endpointId }, body: { held: 'discard' } });
  expect(problem.detail).toContain('Unknown field `held`');
});

it('refuses what resume cannot do with held deliveries', async () => {
  const problem = await fixture.refused('endpoints.resume', { params: { id: endpointId }, body: { held: 'keep' } });
  expect(problem.detail).toBe('`held` must be one of release, discard.');
});

it.each(['0', '201', '-1', '1.5', 'ten', '', '50,60', '0x10', '1e1', ' 5 ', '+5', '5.0'])(
  'refuses the limit %j',
  async (limit) => {
    const problem = await fixture.refused('events.list', { query: { limit } });
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'limit' }] });
    expect(problem.detail).toMatch(/^`limit` must be (a number|a whole number|at least 1|at most 200)/);
  },
);

it('refuses a parameter that was given twice, whatever its values are', async () => {
  const request = { params: {}, query: { label: 'a,b' }, repeated: ['label'], headers: {}, body: undefined };
  expect(() => readInput(routeOf('endpoints.list'), request)).toThrow('`label` is given more than once: give it once.');
});

it.each<[string, Record<string, string>, string]>([
  ['a misspelt filter', { stauts: 'held' }, 'Unknown field `stauts`'],
  ['an unknown status', { status: 'failed' }, '`status` must be one of pending, retrying'],
  ['a bad endpoint id', { endpoint_id: 'ep_1' }, '`endpoint_id` must be the id of an endpoint'],
  ['a time without a zone', { since: '2026-01-01T00:00:00' }, '`since` must be an ISO 8601 time with a zone'],
  [
    'an empty range',
    { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' },
    '`since` must be before `until`',
  ],
  ['an empty cursor', { cursor: '' }, '`cursor` must have at least 1 character'],
  ['a made-up cursor', { cursor: 'abc' }, '`cursor` is not from this list'],
  ['a cursor that is no base64url', { cursor: 'a b/c' }, '`cursor` is not from this list'],
])('refuses a list of deliveries with %s', async (_, query, words) => {
  const problem = await fixture.refused('deliveries.list', { query });
  expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining(words) });
});

it.each(['', 'ep_1', '../ep', 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB#', 'evt_01KGS4R6M2Z9Q3V8X7T5N1C0HB'])(
  'answers the id %j like an unknown one',
  async (id) => {
    const malformed = await fixture.refused('endpoints.get', { params: { id } });
    const unknown = await fixture.refused('endpoints.get', { params: { id: 'ep_01KGS4R6M2Z9Q3V8X7T5N1C0HB' } });
    expect(malformed).toEqual(unknown);
    expect(malformed.status).toBe(404);
  },
);

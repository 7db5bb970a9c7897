import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DialectDefinition } from '../../lib/dialects/declared/definition.ts';
import { dialectDefinition } from '../../lib/dialects/declared/definition.ts';
import { declaredDialect } from '../../lib/dialects/declared/declared.ts';
import { definition as vellum } from '../../lib/dialects/vellum/vellum.ts';
import { definition as vem } from '../../lib/dialects/vem/vem.ts';
import { definition as ventryx } from '../../lib/dialects/ventryx/ventryx.ts';
import { definition as veriswarm } from '../../lib/dialects/veriswarm/veriswarm.ts';
import { SECRET, goldenInput } from './render-inputs.ts';

const minimal = { envelope: 'data' } as const;

test.each([
  ['vem', vem],
  ['veriswarm', veriswarm],
  ['vellum', vellum],
  ['ventryx', ventryx],
])('%s is a definition that anybody could write', (_, definition) => {
  expect(dialectDefinition.parse(structuredClone(definition))).toEqual(definition);
});

const field = (more: object) => ({ envelope: [{ name: 'a', from: 'id', ...more }] });
const signature = (more: object) => ({ ...minimal, signature: { header: 'X-Sig', ...more } });
const nested = (depth: number): object =>
  depth === 0 ? { name: 'a', from: 'id' } : { name: 'a', fields: [nested(depth - 1)] };

const REFUSED: [string, unknown, string, string][] = [
  ['no envelope', {}, 'envelope', 'must be "data"'],
  ['an unknown setting', { ...minimal, codec: 1 }, '', 'codec'],
  ['an unknown source', field({ from: 'time.zone' }), 'envelope.0.from', 'must be one of id, uuid'],
  ['a path that is no path', field({ from: 'data.a..b' }), 'envelope.0.from', 'a path such as data.customer.id'],
  ['a path that is too long', field({ from: `data${'.a'.repeat(9)}` }), 'envelope.0.from', 'up to 8 names'],
  ['a field with nothing in it', { envelope: [{ name: 'a' }] }, 'envelope.0', '`from`, `value` and `fields`'],
  ['a format of what is no time', field({ format: 'unix' }), 'envelope.0.format', '`"from": "time"` only'],
  ['a name twice', { envelope: [field({}).envelope[0], field({}).envelope[0]] }, 'envelope', 'a name twice'],
  [
    'too many fields',
    { envelope: Array.from({ length: 41 }, (_, n) => ({ name: `${n}`, value: 1 })) },
    'envelope',
    '40',
  ],
  ['fields that nest too deep', { envelope: [nested(5)] }, 'envelope', 'at most 4 deep'],
  ['a large constant', { envelope: [{ name: 'a', value: 'x'.repeat(2000) }] }, 'envelope.0.value', '1024 bytes'],
  ['a header of the sender', { ...minimal, headers: [{ name: 'Host', value: 'a' }] }, 'headers.0.name', 'set for you'],
  ['a Standard header', { ...minimal, headers: [{ name: 'webhook-id', value: 'a' }] }, 'headers.0.name', 'set for you'],
  ['a header twice', { ...signature({}), headers: [{ name: 'x-sig', value: 'a' }] }, 'headers', 'a header twice'],
  ['a line break', { ...minimal, headers: [{ name: 'X-A', value: 'a\nb' }] }, 'headers.0.value', 'printable ASCII'],
  ['a body in a header', { ...minimal, headers: [{ name: 'X-A', value: '{body}' }] }, 'headers.0.value', '{body}'],
  ['an unknown word', signature({ signed: '{body}{nonce}' }), 'signature.signed', 'unknown word {nonce}'],
  ['a lone brace', signature({ signed: '{body}}' }), 'signature.signed', 'belongs to no word'],
  ['nothing of the body', signature({ signed: '{timestamp}' }), 'signature.signed', 'must have {body} in it once'],
  ['the body twice', signature({ signed: '{body}{body}' }), 'signature.signed', 'must have {body} in it once'],
  ['no signature', signature({ value: 'v1={timestamp}' }), 'signature.value', 'must have {signature} in it once'],
  ['too many words', signature({ signed: `{body}${'{id}'.repeat(12)}` }), 'signature.signed', 'at most 12 words'],
  ['several in no order', signature({ several: { each: 'v1' } }), 'signature.several.each', '{signature} in it once'],
  ['a tab between', signature({ several: { separator: '\t' } }), 'signature.several.separator', 'printable ASCII'],
  ['another kind of secret', signature({ secrets: 'base32' }), 'signature.secrets', 'standard'],
  ['another algorithm', signature({ algorithm: 'md5' }), 'signature.algorithm', 'sha256'],
  ['half a second', { ...minimal, retry_delays: [0.5] }, 'retry_delays.0', 'int'],
  ['a month', { ...minimal, retry_delays: [2_592_000] }, 'retry_delays', '13 days'],
];

describe('a definition is refused with its place and what to do', () => {
  test.each(REFUSED)('%s', (_, definition, path, message) => {
    const result = dialectDefinition.safeParse(definition);
    const issues = result.error?.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) ?? [];
    expect(issues).toContainEqual({ path, message: expect.stringContaining(message) });
  });
});

const render = async (definition: unknown, more = {}, secrets = [SECRET]) => {
  const dialect = declaredDialect(dialectDefinition.parse(definition) as DialectDefinition);
  const { headers, body } = await dialect.render(goldenInput('task.completed', secrets, more));
  return { headers, text: Buffer.from(body).toString('utf8') };
};

test('a body can be the data alone', async () => {
  expect((await render(minimal, { data: '[1.0, 2]' })).text).toBe('[1.0, 2]');
});

test('fields stand in their order, nest, and come from the data by path', async () => {
  const definition = {
    envelope: [
      { name: '10', value: [1, null] },
      { name: '9', from: 'data.customer.id' },
      {
        name: 'in',
        fields: [
          { name: 'x', from: 'data.list.1' },
          { name: 'all', from: 'data' },
        ],
      },
      { name: 'gone', from: 'data.customer.id.deeper' },
      { name: 'left_out', from: 'data.no', when_absent: 'omit' },
      { name: 'inherited', from: 'data.constructor.name' },
      { name: 'unix', from: 'time', format: 'unix' },
      { name: 'ms', from: 'time', format: 'unix_ms' },
    ],
  };
  const data = '{"customer":{"id":12345678901234567890},"list":["a","b"]}';
  expect((await render(definition, { data })).text).toBe(
    `{"10":[1,null],"9":12345678901234567890,"in":{"x":"b","all":${data}},"gone":null,"inherited":null,"unix":1770379200,"ms":1770379200345}`,
  );
});

test('a field name can be any text, and stays one', async () => {
  const { text } = await render({
    envelope: [
      { name: '__proto__', from: 'id' },
      { name: 'a"b\\', value: '</x>' },
    ],
  });
  expect(text).toBe('{"__proto__":"evt_01KGSA0000E8MZXV5RYCA3QHT7","a\\"b\\\\":"</x>"}');
});

test('an event cannot put words into a template', async () => {
  const definition = { ...minimal, signature: { header: 'X-Sig', value: '{type};{signature}', signed: '{body}' } };
  const plain = await render(definition, { data: '"{timestamp}"' });
  expect(plain.text).toBe('"{timestamp}"');
  expect(plain.headers['x-sig']).toMatch(/^task\.completed;[0-9a-f]{64}$/);
});

test('a header has one signature for each secret where it has room for several, and that of the newest where not', async () => {
  const several = { each: 'v1={signature}', separator: ',' };
  const secrets = ['new', 'old'];
  const stripe = { header: 'X-Sig', value: 't={timestamp},{signature}', signed: '{timestamp}.{body}' };
  const both = await render({ ...minimal, signature: { ...stripe, several } }, {}, secrets);
  const hmac = (secret: string) =>
    createHmac('sha256', secret)
      .update(`${both.headers['x-sig']?.slice(2, 12)}.${both.text}`)
      .digest('hex');
  expect(both.headers['x-sig']).toBe(`t=1770379203,v1=${hmac('new')},v1=${hmac('old')}`);
  const one = await render(
    { ...minimal, signature: { ...stripe, value: 't={timestamp},v1={signature}' } },
    {},
    secrets,
  );
  expect(one.headers['x-sig']).toBe(`t=1770379203,v1=${hmac('new')}`);
  const none = await render({ ...minimal, signature: { ...stripe, several } }, {}, []);
  expect(none.headers).toEqual({ 'content-type': 'application/json' });
});

test('a header can have the time of the attempt in ISO 8601', async () => {
  const { headers } = await render({ ...minimal, headers: [{ name: 'X-At', value: '{iso_timestamp}' }] });
  expect(headers['x-at']).toBe('2026-02-06T12:00:03Z');
});

test('secrets of the form of Standard Webhooks are made, and others are refused', () => {
  const dialect = declaredDialect(dialectDefinition.parse(signature({ secrets: 'standard' })));
  expect(dialect.refuseSecret(dialect.newSecret({ bytes: (count) => new Uint8Array(count) }))).toBeUndefined();
  expect(dialect.refuseSecret('a text')).toContain('base64');
});

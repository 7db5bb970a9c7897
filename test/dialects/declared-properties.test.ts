import { createHmac } from 'node:crypto';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { declaredDialect } from '../../lib/dialects/declared/declared.ts';
import { dialectDefinition } from '../../lib/dialects/declared/definition.ts';
import { goldenInput } from './render-inputs.ts';

// Whatever a definition has in it that is accepted, and whatever an event has in it.

const word = (...names: string[]) => fc.constantFrom(...names.map((name) => `{${name}}`));
const HEADER_WORDS = ['id', 'uuid', 'delivery_id', 'type', 'timestamp', 'iso_timestamp'];
const literal = fc.string({ unit: fc.constantFrom(...'abc=,;:. -"\\$\'%'), maxLength: 6 });
const template = (needed: string | undefined, ...words: string[]) =>
  fc
    .tuple(fc.array(words.length === 0 ? literal : fc.oneof(literal, word(...words)), { maxLength: 6 }), fc.nat(6))
    .map(([parts, at]) => parts.toSpliced(at, 0, ...(needed === undefined ? [] : [`{${needed}}`])).join(''))
    .filter((text) => text !== '');
const headerValue = (needed: string | undefined, ...words: string[]) =>
  template(needed, ...words).filter((text) => text === text.trim());

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .filter((text) => /^[^\p{C}]{1,64}$/u.test(text));
const path = fc
  .array(fc.constantFrom('a', 'b', '0', '__proto__', 'constructor', 'length', 'toString'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `data.${parts.join('.')}`);
const from = fc.oneof(
  path,
  fc.constantFrom('id', 'uuid', 'delivery_id', 'type', 'tenant', 'project.id', 'project.name', 'external_id'),
  fc.constantFrom('trace.trace_id', 'trace.span_id', 'trace.parent', 'data'),
);
const leaf = fc.oneof(
  fc.record({ from, when_absent: fc.constantFrom('null', 'omit') }),
  fc.record({ from: fc.constant('time'), format: fc.constantFrom('milliseconds', 'seconds', 'unix', 'unix_ms') }),
  fc.record({ value: fc.jsonValue({ maxDepth: 2 }) }),
);
const named = (content: fc.Arbitrary<object>) =>
  fc
    .uniqueArray(fc.tuple(name, content), { minLength: 1, maxLength: 5, selector: ([own]) => own })
    .map((fields) => fields.map(([own, rest]) => ({ name: own, ...rest })));
const envelope = fc.oneof(
  fc.constant('data'),
  named(
    fc.oneof(
      leaf,
      named(leaf).map((fields) => ({ fields })),
    ),
  ),
);
const definitions = fc.record({
  envelope,
  headers: headerValue(undefined, ...HEADER_WORDS).map((value) => [{ name: 'X-Own', value }]),
  signature: fc.record({
    header: fc.constant('X-Signature'),
    value: headerValue('signature', ...HEADER_WORDS),
    signed: template('body', ...HEADER_WORDS, 'method', 'url'),
    algorithm: fc.constantFrom('sha256', 'sha512', 'sha1'),
    encoding: fc.constantFrom('hex', 'base64'),
    several: fc.option(fc.record({ each: headerValue('signature'), separator: fc.constantFrom(',', ' ', '; ') }), {
      nil: undefined,
    }),
  }),
});

const json = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(
    '12345678901234567890',
    '{"a":0.1000000000000000055}',
    '{"__proto__":{"a":1},"a":{"0":[1]}}',
    '"{body}"',
  ),
);
const times = fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') });
const events = fc.record(
  {
    data: json,
    occurredAt: times,
    trace: fc
      .dictionary(fc.constantFrom('trace_id', 'span_id', 'parent', 'x'), fc.jsonValue())
      .map((t) => JSON.stringify(t)),
    project: fc.record({ id: fc.string({ unit: 'binary' }), name: fc.string({ unit: 'binary' }) }),
    externalId: fc.string({ unit: 'binary' }),
  },
  { requiredKeys: ['data'] },
);
const secrets = fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 });

/** Puts the words of a header into a text, by another way than the code under test. */
const filled = (text: string, words: Record<string, string>) =>
  Object.entries(words).reduce((all, [key, value]) => all.split(`{${key}}`).join(value), text);

test('any definition that is accepted gives valid JSON, headers that HTTP can carry, and the signature that it says', async () => {
  await fc.assert(
    fc.asyncProperty(definitions, events, secrets, times, async (given, event, keys, now) => {
      const definition = dialectDefinition.parse(given);
      const dialect = declaredDialect(definition);
      const input = { ...goldenInput('task.completed', keys, event), now };
      const { headers, body } = await dialect.render(input);
      const text = Buffer.from(body).toString('utf8');
      const parsed = JSON.parse(text) as object;
      if (definition.envelope === 'data') expect(text).toBe(event.data);
      else for (const field of Object.keys(parsed)) expect(definition.envelope.map((one) => one.name)).toContain(field);
      for (const [header, value] of Object.entries(headers)) {
        validateHeaderName(header);
        validateHeaderValue(header, value);
        expect(value).toMatch(/^[\x20-\x7e]+$/);
      }
      // The template words can't stand in what events put into headers: ids, and types without braces.
      const words: Record<string, string> = {
        id: input.event.id,
        uuid: headersOf('{uuid}'),
        delivery_id: input.deliveryId,
        type: 'task.completed',
        timestamp: String(Math.floor(now / 1000)),
        iso_timestamp: `${new Date(now).toISOString().slice(0, 19)}Z`,
        method: 'POST',
        url: input.url,
      };
      function headersOf(value: string): string {
        const one = declaredDialect(dialectDefinition.parse({ envelope: 'data', headers: [{ name: 'X', value }] }));
        return (one.render(input) as { headers: Record<string, string> }).headers['x'] as string;
      }
      expect(headers['x-own']).toBe(filled(definition.headers[0]?.value ?? '', words));
      const { signature } = definition;
      if (!signature) throw new Error('Each of these has a signature.');
      const [before = '', after = ''] = signature.signed.split('{body}').map((part) => filled(part, words));
      const used = signature.several ? keys : keys.slice(0, 1);
      const each = used.map((key) => {
        const hmac = createHmac(signature.algorithm, key).update(before).update(body).update(after);
        return (signature.several?.each ?? '{signature}').split('{signature}').join(hmac.digest(signature.encoding));
      });
      const all = each.join(signature.several?.separator ?? '');
      const [left = '', right = ''] = signature.value.split('{signature}').map((part) => filled(part, words));
      expect(headers['x-signature']).toBe(left + all + right);
      const later = await dialect.render({ ...input, now: now - 1000 });
      expect(Buffer.from(later.body).equals(Buffer.from(body))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a definition of any shape is accepted or refused, and never thrown over', () => {
  const shapes = fc.oneof(
    fc.jsonValue({ maxDepth: 6 }),
    fc.record({ envelope: fc.jsonValue({ maxDepth: 6 }), signature: fc.jsonValue(), headers: fc.jsonValue() }),
  );
  fc.assert(fc.property(shapes, (shape) => typeof dialectDefinition.safeParse(shape).success === 'boolean'));
});

test('a definition that nests as deep as JSON can is refused in one line', () => {
  const deep = (open: string, close: string) => JSON.parse(open.repeat(50_000) + close.repeat(50_000)) as unknown;
  const lists = deep('[', ']');
  for (const envelope of [lists, [{ name: 'a', value: lists }], [{ name: 'a', fields: lists }]]) {
    const result = dialectDefinition.safeParse({ envelope });
    expect(result.success).toBe(false);
  }
});

import { expect, test } from 'vitest';
import { compileSchema } from '../../../lib/pipeline/ingest/data-check.ts';

test('data is compared with its schema, and the mistake is named by its place', async () => {
  const check = await compileSchema(
    JSON.stringify({
      properties: { id: { type: 'string' }, owner: { $ref: '#/$defs/person' } },
      required: ['id'],
      $defs: { person: { type: 'object', properties: { age: { type: 'integer', minimum: 0 } } } },
    }),
  );
  expect(check('{"id":"a","owner":{"age":3}}')).toBeUndefined();
  expect(check('{"id":5}')).toContain('`#/id`');
  expect(check('{"owner":{"age":-1},"id":"a"}')).toContain('`#/owner/age`');
  expect(check('{}')).toContain('"id"');
});

test('data is not compared when that would take too long', async () => {
  const anyOf = Array.from({ length: 100 }, (_, n) => ({ items: { const: -n - 1 } }));
  const check = await compileSchema(JSON.stringify({ anyOf }));
  expect(check(JSON.stringify(Array.from({ length: 100_000 }, () => 1)))).toBe(
    'is too large to be compared with its schema',
  );
});

test('a comparison that goes through all data for each part of the schema takes less than a second of the processor', async () => {
  const anyOf = Array.from({ length: 120 }, (_, n) => ({ items: { maximum: n - 200 } }));
  const check = await compileSchema(JSON.stringify({ anyOf }));
  // No alternative fits the last entry, so each is compared with all of them.
  const data = JSON.stringify([...Array.from({ length: 8200 }, () => -1000), 1]);
  const start = process.threadCpuUsage();
  expect(check(data)).toMatch(/does not match its schema/);
  const { user, system } = process.threadCpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(1000);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sourceOf } from '../../../lib/api/sources/read-message.ts';
import { sourceOption } from '../../../lib/local/command/source-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'postrider-source-flags-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function withFields(fields: unknown) {
  const sourceFields = join(folder, 'fields.json');
  writeFileSync(sourceFields, JSON.stringify(fields));
  return sourceOption({ source: '-', sourceFields })?.fields;
}

/** As EventBridge sends it. */
const BRIDGED = {
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'order.placed',
  time: '2026-02-06T11:59:58Z',
  detail: { account: { id: 'org_1' } },
};

test('the declaration of docs/sources.md for EventBridge can be tried with a file of its events', () => {
  const fields = withFields([{ name: 'tenant_id', from: 'detail.account.id' }]);
  const read = sourceOf('file', fields).read({ id: '0', body: JSON.stringify(BRIDGED), receiveCount: 1 });
  expect(read).toMatchObject({
    tenantId: 'org_1',
    event: { type: 'order.placed', data: '{"account":{"id":"org_1"}}' },
    idempotencyKey: `source:file\n${BRIDGED.id}`,
  });
});

test('a list that says the type or the data has nothing added to it', () => {
  const own = ['tenant_id', 'type', 'data'].map((name) => ({ name, from: name }));
  expect(withFields(own)).toEqual(own);
});

test.each([
  [[{ name: 'type', from: 'type' }], 'fields: must have tenant_id, data'],
  [[{ name: 'type', from: 'type' }, null], 'fields.1'],
  [{ name: 'type' }, 'fields'],
  [[{ name: 'kind', from: 'type' }], 'fields.0.name: must be one of'],
])('%j is refused at the start, with the file and what to correct', (fields, why) => {
  expect(() => withFields(fields)).toThrow('fields.json');
  expect(() => withFields(fields)).toThrow(why);
});

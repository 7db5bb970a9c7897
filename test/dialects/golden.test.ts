import { expect, test } from 'vitest';
import { dialectNamed } from '../../lib/dialects/index.ts';
import type { Event } from '../../lib/domain/event.ts';
import { SECRET, TASK, goldenInput } from './render-inputs.ts';

// Byte for byte what each platform's customers receive, from fixed inputs. The signatures were computed with Python's
// hmac module from these bodies, not with the code under test.

interface Golden {
  dialect: string;
  type: string;
  secret?: string;
  more?: Partial<Event>;
  body: string;
  headers: Record<string, string>;
}

const DELIVERY = 'del_01KGSA0000E8MZXV5RYCA3QHT701KGS9ZZZZ2B7D9W4N6K8M0PQR0';
const TIMESTAMP = '1770379203';
const UUID = '019c32a0-0000-7229-beec-b8f3143bc747';

const GOLDEN: Golden[] = [
  {
    dialect: 'standard',
    type: 'task.completed',
    body: `{"type":"task.completed","timestamp":"2026-02-06T12:00:00.345Z","data":${TASK}}`,
    headers: {
      'webhook-id': 'evt_01KGSA0000E8MZXV5RYCA3QHT7',
      'webhook-timestamp': TIMESTAMP,
      'webhook-signature': 'v1,4frReuEtMacKBZdo05W7HHwi8meIemX8tA50OEXNb1M=',
    },
  },
  {
    dialect: 'vem',
    type: 'task.completed',
    more: { project: { id: 'proj_xyz789', name: 'my-project' } },
    body: `{"event":"task.completed","timestamp":"2026-02-06T12:00:00Z","org_id":"org_abc123","project_id":"proj_xyz789","project_name":"my-project","data":${TASK}}`,
    headers: {
      'x-webhook-delivery': DELIVERY,
      'x-webhook-signature': 'sha256=6a412a799efcb1997ad50e930da1be3878571dda837cd0ceaf4b067eeb7f5fa7',
    },
  },
  {
    dialect: 'vem',
    type: 'task.completed',
    more: { data: '{}' },
    body: `{"event":"task.completed","timestamp":"2026-02-06T12:00:00Z","org_id":"org_abc123","project_id":null,"project_name":null,"data":{}}`,
    headers: {
      'x-webhook-delivery': DELIVERY,
      'x-webhook-signature': 'sha256=c1eb9d84a0b40eff984dc78afaa56abbc34eb1a61aa4ed2b21d4e5e39c240ede',
    },
  },
  {
    dialect: 'veriswarm',
    type: 'agent.scored',
    body: `{"event_type":"agent.scored","occurred_at":"2026-02-06T12:00:00.345Z","data":${TASK}}`,
    headers: {
      'x-veriswarm-timestamp': TIMESTAMP,
      'x-veriswarm-delivery-id': DELIVERY,
      'x-veriswarm-signature': 'd2744c469eb704cecc578165df9e9bc39f262a0608a28129ac6ef675b4c55757',
    },
  },
  {
    dialect: 'vellum',
    type: 'workflow.execution.fulfilled',
    secret: 'my own secret',
    body: `{"id":"${UUID}","timestamp":"2026-02-06T12:00:00.345Z","api_version":"2024-10-25","trace_id":"7ce919b2-9198-848f-a3e8-76f38b609289","span_id":"a4863fc9-2885-82f5-acac-54b499e74068","parent":null,"name":"workflow.execution.fulfilled","body":${TASK}}`,
    headers: {
      'x-vellum-timestamp': TIMESTAMP,
      'x-vellum-signature': '400920ef4fa8215f7128287548e608c861e1ea3fd86b71e424166c2abab45ce7',
    },
  },
  {
    dialect: 'ventryx',
    type: 'workflow.completed',
    body: `{"id":"evt_01KGSA0000E8MZXV5RYCA3QHT7","type":"workflow.completed","created_at":"2026-02-06T12:00:00.345Z","data":${TASK}}`,
    headers: {
      'ventryx-event': 'workflow.completed',
      'ventryx-delivery': DELIVERY,
      'ventryx-signature': 'sha256=0709ef97cabc204d2390c82141325ea8b63f0aae77662d99d415b3a5197b0ea5',
    },
  },
];

test.each(GOLDEN)('$dialect: $type is sent byte for byte as its customers know it', async (golden) => {
  const { dialect, type, secret = SECRET, more = {}, body, headers } = golden;
  const request = await dialectNamed(dialect).render(goldenInput(type, [secret], more));
  expect(Buffer.from(request.body).toString('utf8')).toBe(body);
  expect(request.headers).toEqual({ 'content-type': 'application/json', ...headers });
});

const bodyOf = async (dialect: string, type: string, more: Partial<Event>, now?: number) => {
  const input = goldenInput(type, [SECRET], more);
  const { body } = await dialectNamed(dialect).render({ ...input, now: now ?? input.now });
  return JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
};

test.each([
  ['standard', 'timestamp', '2026-02-01T08:30:15.120Z'],
  ['vem', 'timestamp', '2026-02-01T08:30:15Z'],
  ['veriswarm', 'occurred_at', '2026-02-01T08:30:15.120Z'],
  ['vellum', 'timestamp', '2026-02-01T08:30:15.120Z'],
  ['ventryx', 'created_at', '2026-02-01T08:30:15.120Z'],
])('%s: the time of an event is when it happened, if the platform said so', async (dialect, field, time) => {
  const occurredAt = Date.UTC(2026, 1, 1, 8, 30, 15, 120);
  expect(await bodyOf(dialect, 'a.b', { occurredAt })).toMatchObject({ [field]: time });
});

test('vellum: the trace that was posted is sent as it was posted, numbers included', async () => {
  const parent = '{"span_id":"s0","parent":{"deployment_id":"d1","n":12345678901234567890},"external_id":"x"}';
  const trace = `{"trace_id":"t1","span_id":"s1","parent":${parent},"other":1}`;
  const input = goldenInput('workflow.execution.initiated', [SECRET], { trace });
  const text = Buffer.from((await dialectNamed('vellum').render(input)).body).toString('utf8');
  expect(text).toContain(`"trace_id":"t1","span_id":"s1","parent":${parent},"name"`);
});

test('vellum: without a secret of the caller’s, nothing is signed', async () => {
  const { headers } = await dialectNamed('vellum').render(goldenInput('metric.execution.fulfilled', []));
  expect(headers).toEqual({ 'content-type': 'application/json' });
});

test.each(['fulfilled', 'rejected'])('vellum: %s usage has two names and is sent under one', async (end) => {
  for (const prefix of ['workflow', 'workflow_execution']) {
    const body = await bodyOf('vellum', `${prefix}.usage_calculation.${end}`, {});
    expect(body['name']).toBe(`workflow.usage_calculation.${end}`);
  }
});

test('a single signature is made with the newest secret alone', async () => {
  for (const dialect of ['vem', 'veriswarm', 'vellum', 'ventryx']) {
    const { render } = dialectNamed(dialect);
    const one = await render(goldenInput('a.b', [SECRET]));
    expect(await render(goldenInput('a.b', [SECRET, 'an older secret']))).toEqual(one);
  }
});

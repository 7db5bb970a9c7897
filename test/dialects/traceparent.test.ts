import { expect, test } from 'vitest';
import { DIALECT_NAMES, dialectNamed } from '../../lib/dialects/index.ts';
import { render } from '../../lib/dialects/render.ts';
import type { Event } from '../../lib/domain/event.ts';

const TRACE_PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const event: Event = {
  tenantId: 'org_1',
  id: 'evt_01KGS4T2J8W5Y7R0D3F6A9B1CE',
  type: 'task.completed',
  data: '{"id":1}',
  acceptedAt: 1_770_379_200_000,
  endpointIds: [],
};
const NO_SECRETS = { own: [], standard: [], asymmetric: [] };

async function headersOf(name: string, trace: object, headers?: Record<string, string>) {
  const source = {
    event: { ...event, trace: JSON.stringify(trace) },
    deliveryId: 'del_1',
    url: 'https://a.test/',
    now: 0,
  };
  return (await render(dialectNamed(name), source, NO_SECRETS, headers)).headers;
}

test.each(DIALECT_NAMES)('%s hands an event’s traceparent on, and no other part of its trace', async (name) => {
  expect(await headersOf(name, { traceparent: TRACE_PARENT })).toMatchObject({ traceparent: TRACE_PARENT });
  expect(await headersOf(name, { trace_id: 'x', span_id: 'y' })).not.toHaveProperty('traceparent');
});

test('a header that the endpoint has set stays', async () => {
  const headers = await headersOf('standard', { traceparent: TRACE_PARENT }, { traceparent: 'own' });
  expect(headers.traceparent).toBe('own');
});

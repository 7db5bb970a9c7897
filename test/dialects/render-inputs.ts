import type { RenderInput } from '../../lib/dialects/dialect.ts';
import type { Event } from '../../lib/domain/event.ts';

const ACCEPTED_AT = Date.UTC(2026, 1, 6, 12, 0, 0, 345);

function eventOf(type: string, more: Partial<Event> & { data: string }): Event {
  return {
    tenantId: 'acme',
    id: 'evt_01KGSA0000E8MZXV5RYCA3QHT7',
    type,
    acceptedAt: ACCEPTED_AT,
    endpointIds: ['ep_01KGS9ZZZZ2B7D9W4N6K8M0PQR'],
    ...more,
  };
}

/** Events that have given JSON and signatures trouble: text beyond ASCII, escapes, numbers that a parser would round. */
export const EVENTS: readonly [Event, ...Event[]] = [
  eventOf('task.completed', { data: '{"title":"Release","n":1}' }),
  eventOf('text.beyond-ascii', { data: '{"title":"Grüße \\ud83d\\ude00 😀","line":"\\u2028"}' }),
  eventOf('text.escaped', { data: '{"a":"\\"\\\\\\n<!channel> & </script>"}' }),
  eventOf('number.large', { data: '{"n":12345678901234567890,"x":1.0,"e":1e400}' }),
  eventOf('data.empty', { data: '{}' }),
  eventOf('event.with-all', {
    data: '{"list":[1,[2,{"three":null}]]}',
    project: { id: 'prj_1', name: 'Größe & Co' },
    trace: '{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}',
    externalId: 'ext-1',
  }),
];

/** The event of the golden tests: of a customer's documentation, three seconds before its attempt. */
export const TASK =
  '{"task_id":"TASK-001","title":"Implement authentication","status":"done","evidence":["pnpm test passed"],"url":"https://app.vem.dev/project/1"}';
export const SECRET = 'whsec_c2l4dGVlbiBwbHVzIGVpZ2h0IGlzIDI0';

/** @param more what the event has besides its type and {@link TASK} */
export function goldenInput(type: string, secrets: readonly string[], more: Partial<Event> = {}): RenderInput {
  const event = eventOf(type, { tenantId: 'org_abc123', data: TASK, ...more });
  return { ...inputOf(event, secrets), now: ACCEPTED_AT + 3000 };
}

/** An attempt two seconds after the event was accepted. */
export function inputOf(event: Event, secrets: readonly string[]): RenderInput {
  return {
    event,
    deliveryId: 'del_01KGSA0000E8MZXV5RYCA3QHT701KGS9ZZZZ2B7D9W4N6K8M0PQR0',
    url: 'https://hooks.example.com/in?from=acme',
    secrets,
    now: ACCEPTED_AT + 2000,
  };
}

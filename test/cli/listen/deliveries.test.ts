import { expect, test } from 'vitest';
import { deliveriesOf } from '../../../cli/src/listen/deliveries.ts';
import { Postrider } from '../../../sdk/src/postrider.ts';
import { type ScriptedAnswer, scripted } from '../fake-terminal.ts';

const PLACE = { endpointId: 'ep_1', consumer: 'listen', from: 'now', state: () => undefined } as const;
const CONSUMERS = { body: { data: [{ name: 'listen', cursor: 'c0' }] } };
const poll = (cursor: string, ...ids: string[]): ScriptedAnswer => ({
  body: { data: ids.map((id) => ({ event_id: id })), cursor, more: false, state: 'active' },
});

function listening(...answers: ScriptedAnswer[]) {
  const { fetch, sent } = scripted(...answers);
  const client = new Postrider({ apiKey: 'prk_x', baseUrl: 'http://a.test', fetch });
  const said = { lost: () => undefined, back: () => undefined };
  const patience = { ms: 60_000, now: Date.now, signal: new AbortController().signal, ...said };
  const calls = () => sent.map(({ method, path, query }) => `${method} ${path} ${query['cursor'] ?? ''}`.trim());
  return { deliveries: deliveriesOf(client, PLACE, patience), calls };
}

test('what was given is committed only when the next is asked for: who dies over it is given it again', async () => {
  const { deliveries, calls } = listening(
    CONSUMERS,
    poll('c1', 'evt_1'),
    { body: { cursor: 'c1' } },
    poll('c2', 'evt_2'),
  );
  expect((await deliveries.next()).value).toMatchObject([{ event_id: 'evt_1' }]);
  expect(calls()).toEqual(['GET /v1/endpoints/ep_1/consumers', 'GET /v1/endpoints/ep_1/poll c0']);
  expect((await deliveries.next()).value).toMatchObject([{ event_id: 'evt_2' }]);
  expect(calls().slice(2)).toEqual(['PUT /v1/endpoints/ep_1/consumers/listen', 'GET /v1/endpoints/ep_1/poll c1']);
  await deliveries.return();
  expect(calls()).toHaveLength(4);
});

test('what is given while the service fails is given once, and from the same place', async () => {
  const failed = { status: 503, body: { type: '/problems/unavailable', status: 503, title: '', detail: 'Later.' } };
  const { deliveries, calls } = listening(CONSUMERS, failed, poll('c1', 'evt_1'));
  expect((await deliveries.next()).value).toMatchObject([{ event_id: 'evt_1' }]);
  expect(calls().slice(1)).toEqual(['GET /v1/endpoints/ep_1/poll c0', 'GET /v1/endpoints/ep_1/poll c0']);
});

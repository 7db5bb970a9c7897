import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ServiceFault } from '../../../lib/domain/errors.ts';
import type { PollEntry } from '../../../lib/domain/poll-entry.ts';
import { AskedEntries } from '../../../lib/local/threads/asked-entries.ts';
import { crossing } from '../../../lib/local/threads/crossing-error.ts';
import type { FromThread } from '../../../lib/local/threads/parts.ts';
import { TurnChannel } from '../../../lib/local/threads/turn-channel.ts';

const entry = (eventId: string): PollEntry => ({
  tenantId: 'acme',
  endpointId: 'ep_1',
  eventId,
  ordinal: 0,
  writtenAt: 1,
  eventType: 'a.b',
});

function openAsked() {
  const parts: FromThread[] = [];
  const asked = new AskedEntries(new TurnChannel({ postMessage: (sent: FromThread[]) => void parts.push(...sent) }));
  const outcomes: unknown[] = [];
  const add = (eventId: string) =>
    void asked.add([entry(eventId)]).then(
      () => outcomes.push(eventId),
      (error: unknown) => outcomes.push(error),
    );
  const ids = async () => {
    await turn();
    return parts.map((part) => (part.kind === 'add' ? [part.id, part.entries[0]?.eventId] : part));
  };
  return { asked, add, outcomes, ids };
}

test('an entry is added once the main thread says so, and not before: each by its own answer', async () => {
  const { asked, add, outcomes, ids } = openAsked();
  for (const eventId of ['evt_a', 'evt_b', 'evt_c']) add(eventId);
  expect(await ids()).toEqual([
    [1, 'evt_a'],
    [2, 'evt_b'],
    [3, 'evt_c'],
  ]);
  expect(outcomes).toEqual([]);
  asked.settle({ kind: 'added', id: 2 });
  await turn();
  expect(outcomes).toEqual(['evt_b']);
  asked.settle({ kind: 'added', id: 1 });
  asked.settle({ kind: 'added', id: 3 });
  await turn();
  expect(outcomes).toEqual(['evt_b', 'evt_a', 'evt_c']);
});

test('an entry that the main thread could not add is a fault of the service in the thread, and the others are added', async () => {
  const { asked, add, outcomes } = openAsked();
  add('evt_a');
  add('evt_b');
  asked.settle({ kind: 'not-added', id: 1, error: crossing(new ServiceFault('SQLite: disk is full')) });
  asked.settle({ kind: 'added', id: 2 });
  await turn();
  expect(outcomes).toEqual([new ServiceFault('SQLite: disk is full'), 'evt_b']);
  expect(outcomes[0]).toBeInstanceOf(ServiceFault);
});

import { expect, test } from 'vitest';
import { LineTaker } from '../../../lib/local/sources/line-source.ts';
import { timerOf } from '../../../lib/local/service/timer.ts';
import type { Source, TakeIn } from '../../../lib/pipeline/sources/take-in.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LINES = ['a', 'b', 'c'].map((text, n) => ({ bytes: Buffer.from(text), start: n * 2, end: n * 2 + 2 }));

/** A taker whose messages must come back as long as the test says so. */
function takerOf(mustComeBack: (body: string, times: number) => boolean) {
  const clock = new VirtualClock();
  const taken: string[] = [];
  const takeIn: TakeIn = async (_, messages) =>
    messages.flatMap(({ id, body, receiveCount }) => {
      const text = Buffer.from(body as Uint8Array).toString();
      if (mustComeBack(text, receiveCount)) return [id];
      taken.push(text);
      return [];
    });
  const source = { name: 'lines' } as Source;
  return { clock, taken, taker: new LineTaker({ source, takeIn, setTimer: timerOf(clock), log: new MemoryLog() }) };
}

/** Lets everything happen that does not wait for the clock. */
const settle = () => new Promise(setImmediate);

test('a line that must come back is taken in again, and its place is noted only then', async () => {
  const { clock, taken, taker } = takerOf((body, times) => body !== 'b' && times < 3);
  const noted: number[] = [];
  const taking = taker.take(LINES, async (end) => void noted.push(end));
  await settle();
  expect([taken, noted]).toEqual([['b'], []]);
  await clock.advance(1000);
  await settle();
  await clock.advance(2000);
  await taking;
  expect([taken, noted]).toEqual([['b', 'a', 'c'], [6]]);
});

test('of a line that waits when the service stops, no place is noted: it is read again', async () => {
  const { taken, taker } = takerOf((body) => body === 'c');
  const noted: number[] = [];
  const taking = taker.take(LINES, async (end) => void noted.push(end));
  await settle();
  taker.stop();
  await taking;
  expect([taken, noted]).toEqual([['a', 'b'], []]);
});

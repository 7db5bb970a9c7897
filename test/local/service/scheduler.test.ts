import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScheduledTask, type Scheduler, startScheduler } from '../../../lib/local/service/scheduler.ts';
import { timerOf } from '../../../lib/local/service/timer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { MemoryLog } from '../../support/memory-log.ts';

const MINUTE = 60_000;

let clock: VirtualClock;
let log: MemoryLog;
let scheduler: Scheduler | undefined;

beforeEach(() => {
  clock = new VirtualClock();
  log = new MemoryLog();
});

afterEach(() => scheduler?.stop());

function schedule(tasks: readonly ScheduledTask[]): Scheduler {
  scheduler = startScheduler({ clock, setTimer: timerOf(clock), log, everyMs: MINUTE, tasks });
  return scheduler;
}

const errorsOf = ({ lines }: MemoryLog) => lines.filter(({ level }) => level === 'error');

describe('a scheduler', () => {
  test('runs its tasks at once and then every minute, in their order', async () => {
    const runs: string[] = [];
    const start = clock.now();
    const note = (name: string) => ({ name, run: async () => runs.push(`${name}@${clock.now() - start}`) });
    schedule([note('a'), note('b')]);
    await clock.advance(0);
    await clock.advance(2 * MINUTE);
    expect(runs).toEqual(['a@0', 'b@0', 'a@60000', 'b@60000', 'a@120000', 'b@120000']);
  });

  test('never runs a round beside another: a long one delays the next', async () => {
    let underWay = 0;
    let most = 0;
    const starts: number[] = [];
    const start = clock.now();
    schedule([
      {
        name: 'slow',
        run: async () => {
          starts.push(clock.now() - start);
          underWay += 1;
          most = Math.max(most, underWay);
          await clock.sleep(1.5 * MINUTE);
          underWay -= 1;
        },
      },
    ]);
    await clock.advance(0);
    await clock.advance(4 * MINUTE);
    expect(most).toBe(1);
    expect(starts).toEqual([0, 90_000, 180_000]);
    const stopping = scheduler?.stop();
    await clock.advance(MINUTE);
    await stopping;
  });

  test('logs a task that fails, runs the others, and gives it its turn again', async () => {
    let tries = 0;
    let others = 0;
    schedule([
      {
        name: 'sweep',
        run: async () => {
          tries += 1;
          throw new Error('not today');
        },
      },
      { name: 'purge', run: async () => (others += 1) },
    ]);
    await clock.advance(0);
    await clock.advance(MINUTE);
    expect([tries, others]).toEqual([2, 2]);
    expect(errorsOf(log).map(({ event }) => event)).toEqual(['sweep.failed', 'sweep.failed']);
  });

  test('stops when the task that runs is done, and starts no other', async () => {
    const gate = Promise.withResolvers<void>();
    let later = 0;
    const running = schedule([
      { name: 'long', run: () => gate.promise },
      { name: 'later', run: async () => (later += 1) },
    ]);
    let stopped = false;
    const stopping = running.stop().then(() => {
      stopped = true;
    });
    await clock.advance(5 * MINUTE);
    expect(stopped).toBe(false);
    gate.resolve();
    await stopping;
    await clock.advance(5 * MINUTE);
    expect(later).toBe(0);
  });
});

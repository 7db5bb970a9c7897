import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SetTimer } from './timer.ts';

export interface ScheduledTask {
  /** Names it in the log. */
  name: string;
  run(): Promise<unknown>;
}

export interface SchedulerOptions {
  clock: Clock;
  setTimer: SetTimer;
  log: Log;
  /** From the start of one round to the start of the next, milliseconds. */
  everyMs: number;
  /** Run one after the other. */
  tasks: readonly ScheduledTask[];
}

export interface Scheduler {
  /** Starts no further task, and waits for the running one. */
  stop(): Promise<void>;
}

/**
 * Runs its tasks at once, and then in regular rounds. Rounds never overlap: one that takes too long delays the next. A task
 * that fails is logged, and runs again in the next round.
 */
export function startScheduler({ clock, setTimer, log, everyMs, tasks }: SchedulerOptions): Scheduler {
  let stopped = false;
  let cancelTimer = () => {};
  let round = runRound();

  async function runRound(): Promise<void> {
    const startedAt = clock.now();
    for (const task of tasks) {
      if (stopped) return;
      await runTask(task, log);
    }
    if (stopped) return;
    const wait = Math.min(Math.max(startedAt + everyMs - clock.now(), 0), everyMs);
    cancelTimer = setTimer(wait, () => {
      round = runRound();
    });
  }

  return {
    async stop() {
      stopped = true;
      cancelTimer();
      await round;
    },
  };
}

async function runTask({ name, run }: ScheduledTask, log: Log): Promise<void> {
  try {
    await run();
  } catch (cause) {
    log.error(`${name}.failed`, cause);
  }
}

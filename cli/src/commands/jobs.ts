import type { Job } from '../../../sdk/src/api-types.ts';
import type { Postrider } from '../../../sdk/src/postrider.ts';
import { type Context, note } from '../context.ts';
import { Failed } from '../errors/refusal.ts';
import { writeOne } from '../output/write.ts';

/**
 * Writes a job that was started; waits for its end where that was asked for.
 * @throws Failed when it was cancelled meanwhile
 */
export async function writeJob(context: Context, client: Postrider, started: Job, wait: boolean): Promise<void> {
  if (!wait) {
    writeOne(context, started);
    return note(context, `It works in the background: postrider jobs get ${started.id}`);
  }
  note(context, `Waiting for ${started.id}; Ctrl-C leaves it running.`);
  const job = await client.jobs.wait(started.id, { signal: context.terminal.signal });
  writeOne(context, job);
  if (job.status === 'cancelled') throw new Failed();
}

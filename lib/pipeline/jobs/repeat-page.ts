import type { Job } from '../../domain/job.ts';
import type { Ports } from '../../ports/ports.ts';
import { sendToRetries } from '../delivery/messages.ts';
import { type Pair, type RepeatPorts, type Repeated, recordOnceForJob } from '../delivery/repeat.ts';
import type { PageResult } from './page-result.ts';

/** One page per second, so that a customer who was down is not flooded. */
const PAUSE_SECONDS = 1;

export type RepeatPagePorts = RepeatPorts & Pick<Ports, 'queues'>;

/** A pair; undefined when its event or its endpoint is gone. */
export type Candidate = { pair: Pair; only?: number } | undefined;

/**
 * Records the deliveries of a page of candidates, then sends them: after a crash in between, sweep sends them.
 * @throws whatever kept one of them from being recorded, once the others are sent: when the page is worked again, they
 *   are done
 */
export async function repeatPage(
  ports: RepeatPagePorts,
  job: Job,
  candidates: readonly Candidate[],
): Promise<Pick<PageResult, 'processed' | 'skipped' | 'nextInSeconds'>> {
  const left: Repeated = { kind: 'left' };
  const results = await Promise.allSettled(
    candidates.map(async (one) => (one ? recordOnceForJob(ports, job, one.pair, one.only) : left)),
  );
  const repeated = results.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  const made = repeated.filter((one) => one.kind === 'made').map(({ record }) => record);
  await sendToRetries(ports, made);
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const skipped = repeated.filter(({ kind }) => kind === 'left').length;
  return { processed: repeated.length - skipped, skipped, nextInSeconds: made.length > 0 ? PAUSE_SECONDS : 0 };
}

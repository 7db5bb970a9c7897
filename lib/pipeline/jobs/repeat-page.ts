import type { Job } from '../../domain/job.ts';
import type { JobPorts, PageResult } from './page-result.ts';
import { type Pair, type Repeated, recordOnceForJob } from '../manual/repeat.ts';
import { sendNow } from '../dispatch/retry.ts';

/** A page a second: a customer who was down is not flooded by what is repeated. */
const PAUSE_SECONDS = 1;

/** A pair, or what could not be one: its event or its endpoint is gone. */
export type Candidate = { pair: Pair; only?: number } | undefined;

/** Records the deliveries of a page of candidates, then sends them: what a crash keeps from it, sweep sends (E1). */
export async function repeatPage(
  ports: JobPorts,
  job: Job,
  candidates: readonly Candidate[],
): Promise<Pick<PageResult, 'processed' | 'skipped' | 'nextInSeconds'>> {
  const left: Repeated = { kind: 'left' };
  const repeated = await Promise.all(
    candidates.map((one) => (one ? recordOnceForJob(ports, job, one.pair, one.only) : left)),
  );
  const made = repeated.filter((one) => one.kind === 'made').map(({ record }) => record);
  await sendNow(ports, made);
  const skipped = repeated.filter(({ kind }) => kind === 'left').length;
  return { processed: repeated.length - skipped, skipped, nextInSeconds: made.length > 0 ? PAUSE_SECONDS : 0 };
}

import type { Job } from '@postrider/sdk';
import { useEffect } from 'preact/hooks';
import { useAction } from '../data/action.ts';
import { useLoad } from '../data/load.ts';
import { type StartedJob, forgetJob } from '../data/started-jobs.ts';
import { t } from '../texts/index.ts';
import { ErrorBox } from './error-box.tsx';

const words = t.history.job;

/** A job that was started here: how far it is, and how to stop it. */
export function JobCard({ of: { job: started, client } }: { of: StartedJob }) {
  const { id } = started;
  const read = useLoad((signal) => client.jobs.get(id, { signal }), id, { every: 1000 });
  const cancel = useAction(() => client.jobs.cancel(id));
  const job = read.value ?? started;
  const isRunning = job.status === 'running';
  useEffect(() => {
    if (!isRunning) read.stop();
  }, [isRunning]);
  return (
    <div class={`notice job ${isRunning ? '' : 'good'}`} role="status">
      <div>
        <p>
          <span class="strong">{words.title[job.kind] ?? words.other}</span> <span class="num">{progressOf(job)}</span>
        </p>
        {isRunning && <progress aria-label={words.title[job.kind] ?? words.other} />}
        <ErrorBox error={cancel.error ?? read.error} />
      </div>
      {isRunning ? (
        <button type="button" onClick={() => void cancel.run()} aria-busy={cancel.isBusy}>
          {words.cancel}
        </button>
      ) : (
        <button type="button" onClick={() => forgetJob(id)}>
          {words.dismiss}
        </button>
      )}
    </div>
  );
}

function progressOf({ status, processed, skipped }: Job): string {
  if (status === 'running') return words.running(processed);
  return status === 'done' ? words.done(processed, skipped) : words.cancelled(processed);
}

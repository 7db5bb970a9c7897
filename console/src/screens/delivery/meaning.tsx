import { failureOf } from '../../texts/en/failures.ts';
import { httpStatus } from '../../texts/http-statuses.ts';
import { t } from '../../texts/index.ts';
import { shortTime } from '../../texts/times.ts';
import { comingOf } from './coming.ts';
import type { Around } from './read.ts';

const TONES = { exhausted: 'bad', abandoned: '', held: 'held' } as Readonly<Record<string, string>>;

/** What the error means, and what happens next: nothing is said of what went well. */
export function Meaning({ around }: { around: Around }) {
  const { delivery } = around;
  const { status, status_reason, attempts } = delivery;
  const last = attempts.at(-1);
  const failure = last && last.error_kind !== null ? failureOf(last.error_kind, last.status_code) : undefined;
  const reason = t.statuses.deliveryReason[status_reason ?? ''];
  if (status === 'delivered' || (!failure && !reason)) return null;
  const next = nextWords(around);
  const answer = typeof last?.status_code === 'number' && httpStatus(last.status_code);
  return (
    <div class={`notice meaning ${TONES[status] ?? 'wait'}`}>
      <div>
        {failure && (
          <p class="row-flex">
            <span class="strong">{failure.title}</span>
            {answer && <span class="soft num">{answer}</span>}
          </p>
        )}
        {failure && <p>{failure.means}</p>}
        {reason && <p>{reason}</p>}
        {next && <p>{next}</p>}
      </div>
    </div>
  );
}

function nextWords(around: Around): string | undefined {
  const { status, max_attempts, attempt_number } = around.delivery;
  if (status === 'exhausted') return t.delivery.exhausted;
  if (status === 'held') return t.delivery.held;
  const { next, later } = comingOf(around);
  if (!next) return undefined;
  if (!later) return t.delivery.last;
  return later.lastAt === undefined
    ? undefined
    : t.delivery.until(max_attempts - attempt_number, shortTime(later.lastAt, Date.now()));
}

import type { Attempt } from '@postrider/sdk';
import { At } from '../../parts/time.tsx';
import { httpStatus } from '../../texts/http-statuses.ts';
import { failureOf } from '../../texts/en/failures.ts';
import { t } from '../../texts/index.ts';
import { duration, shortTime } from '../../texts/times.ts';
import { comingOf } from './coming.ts';
import type { Around } from './read.ts';

interface TimelineProps {
  around: Around;
  chosen: number | undefined;
  choose: (number: number) => void;
}

/** The attempts that were made, the next with its time, and the rest faintly. */
export function Timeline({ around, chosen, choose }: TimelineProps) {
  const { next, later } = comingOf(around);
  return (
    <ol class="card timeline num" aria-label={t.delivery.timeline}>
      {around.delivery.attempts.map((attempt) => (
        <li key={attempt.number}>
          <button type="button" aria-pressed={attempt.number === chosen} onClick={() => choose(attempt.number)}>
            <Made attempt={attempt} />
          </button>
        </li>
      ))}
      {next && (
        <li class="coming">
          <span class="dot next" />
          <span>
            <span class="strong">{t.delivery.attempt(next.number)}</span>
            <br />
            <span class="faint">
              <At at={next.at} />
            </span>
          </span>
        </li>
      )}
      {later && (
        <li class="coming faint">
          <span class="dot later" />
          <span>
            {t.delivery.later(later.first, later.last)}
            {later.lastAt !== undefined && (
              <>
                <br />
                {t.delivery.laterUntil(shortTime(later.lastAt, Date.now()), later.last - later.first + 1)}
              </>
            )}
          </span>
        </li>
      )}
    </ol>
  );
}

function Made({ attempt: { status_code, error_kind, at, duration_ms } }: { attempt: Attempt }) {
  const isGood = error_kind === null;
  const title = status_code === null ? failureOf(error_kind, null).title : httpStatus(status_code);
  return (
    <>
      <span class={`dot ${isGood ? 'good' : ''}`} />
      <span>
        <span class="strong">{title}</span>
        <br />
        <span class="faint">
          <At at={at} />
          {duration_ms !== null && ` · ${duration(duration_ms)}`}
        </span>
      </span>
    </>
  );
}

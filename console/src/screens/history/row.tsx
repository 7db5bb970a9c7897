import type { Delivery } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { wordsOf } from '../../parts/error-box.tsx';
import { Link } from '../../parts/link.tsx';
import { DeliveryPill } from '../../parts/pill.tsx';
import { Ago, Due } from '../../parts/time.tsx';
import { hrefTo, segment } from '../../router/place.ts';
import { api, may } from '../../session/session.ts';
import { httpStatus } from '../../texts/http-statuses.ts';
import { t } from '../../texts/index.ts';
import { duration } from '../../texts/times.ts';
import { hasFailed, retryWords } from './retry.ts';

interface RowProps {
  delivery: Delivery;
  /** What tells it from the others of its list: its event's type, or the name of its endpoint. */
  title: string;
  /** The name of its endpoint, below the title. */
  endpoint?: string;
}

/** One delivery in a sentence. */
export function DeliveryRow({ delivery, title, endpoint }: RowProps) {
  const { id, test, retried_from_delivery_id, created_at } = delivery;
  const marks = [test && t.history.test, retried_from_delivery_id !== null && t.history.repeat].filter(Boolean);
  return (
    <div class="delivery-row">
      <div class="status">
        <DeliveryPill status={delivery.status} />
      </div>
      <div class="what">
        <div class="cut">
          <Link href={hrefTo(`/history/${segment(id)}`)} class="strong" isRow>
            {title}
          </Link>{' '}
          {marks.length > 0 && <span class="faint">{marks.join(' · ')}</span>}
        </div>
        {endpoint !== undefined && <div class="soft cut">{endpoint}</div>}
      </div>
      <Outcome delivery={delivery} />
      <div class="end">
        {hasFailed(delivery) && may('deliveries:write') && <Retry delivery={delivery} />}
        <span class="faint num">
          <Ago at={created_at} />
        </span>
      </div>
    </div>
  );
}

function Outcome({ delivery }: { delivery: Delivery }) {
  const { status_code, duration_ms, error_message, status_reason, next_retry_at, attempt_number, max_attempts } =
    delivery;
  const answer = status_code === null ? error_message : httpStatus(status_code);
  const isGood = delivery.status === 'delivered';
  const unanswered = isGood ? t.history.committed : t.history.noAttempt;
  const hasNext = next_retry_at !== null && attempt_number > 0;
  return (
    <div class="outcome num">
      {answer === null ? (
        <div class="soft">{t.statuses.deliveryReason[status_reason ?? ''] ?? unanswered}</div>
      ) : (
        <div class="cut" title={answer}>
          <span class={isGood ? undefined : 'bad'}>{answer}</span>
          {duration_ms !== null && <span class="faint"> · {duration(duration_ms)}</span>}
        </div>
      )}
      {attempt_number > 0 && !isGood && (
        <div class="faint">
          {t.history.attempt(attempt_number, max_attempts)}
          {hasNext && (
            <>
              {' · '}
              {t.history.next} <Due at={next_retry_at} />
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Retry({ delivery }: { delivery: Delivery }) {
  const retry = useAction((options) => api().deliveries.retry(delivery.id, options));
  return (
    <>
      <button type="button" onClick={() => void retry.run()} aria-busy={retry.isBusy}>
        {retryWords(delivery)}
      </button>
      {retry.error !== undefined && (
        <span class="bad" role="alert">
          {wordsOf(retry.error)}
        </span>
      )}
    </>
  );
}

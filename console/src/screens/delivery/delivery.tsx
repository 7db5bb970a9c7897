import type { DeliveryDetail } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useAction } from '../../data/action.ts';
import { useLoad } from '../../data/load.ts';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Link } from '../../parts/link.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { DeliveryPill } from '../../parts/pill.tsx';
import { Ago, Due } from '../../parts/time.tsx';
import { type ScreenProps, go, hrefTo, segment } from '../../router/place.ts';
import { api, may } from '../../session/session.ts';
import { nameOf } from '../../texts/endpoint-words.ts';
import { httpStatus } from '../../texts/http-statuses.ts';
import { t } from '../../texts/index.ts';
import { duration } from '../../texts/times.ts';
import { retryWords } from '../history/retry.ts';
import { Meaning } from './meaning.tsx';
import { Panel } from './panel.tsx';
import { type Around, readAround } from './read.ts';
import { Timeline } from './timeline.tsx';

const LIVE_MS = 3000;

export function Screen({ params }: ScreenProps) {
  const { id = '' } = params;
  const read = useLoad((signal) => readAround(id, signal), id, { every: LIVE_MS });
  return (
    <Page
      title={read.value?.delivery.event_type ?? t.delivery.title}
      crumbs={
        <>
          <Link href={hrefTo('/history')}>{t.history.title}</Link> / <span class="mono cut">{id}</span>
        </>
      }
      beside={read.value && <Where around={read.value} />}
      actions={read.value && <Retry delivery={read.value.delivery} />}
    >
      <Shown of={read}>{(around) => <Body around={around} />}</Shown>
    </Page>
  );
}

function Where({ around: { delivery, endpoint } }: { around: Around }) {
  const { status, next_retry_at, endpoint_id } = delivery;
  return (
    <>
      <DeliveryPill status={status} />
      <span class="soft text">
        {t.delivery.to}{' '}
        <Link href={hrefTo(`/endpoints/${segment(endpoint_id)}`)}>{endpoint ? nameOf(endpoint) : endpoint_id}</Link>
        {next_retry_at !== null && (
          <>
            {' '}
            · {t.delivery.nextAttempt} <Due at={next_retry_at} />
          </>
        )}
        {status === 'delivered' && <Arrived delivery={delivery} />}
      </span>
    </>
  );
}

/** What the receiver answered in the end; a consumer that polls answers nothing. */
function Arrived({ delivery: { attempts } }: { delivery: DeliveryDetail }) {
  const last = attempts.at(-1);
  if (!last || last.status_code === null) return null;
  const took = last.duration_ms === null ? '' : ` ${t.delivery.took(duration(last.duration_ms))}`;
  return (
    <span class="num">
      {` · ${t.delivery.answered(httpStatus(last.status_code))}${took} · `}
      <Ago at={last.at} />
    </span>
  );
}

function Retry({ delivery }: { delivery: DeliveryDetail }) {
  const retry = useAction(async (options) => {
    const next = await api().deliveries.retry(delivery.id, options);
    if (next.id !== delivery.id) go(`/history/${segment(next.id)}`);
  });
  const words = retryWords(delivery);
  if (words === undefined || !may('deliveries:write')) return null;
  return (
    <>
      <ErrorBox error={retry.error} />
      <button
        type="button"
        class={delivery.status === 'delivered' ? undefined : 'primary'}
        onClick={() => void retry.run()}
        aria-busy={retry.isBusy}
      >
        {words}
      </button>
    </>
  );
}

function Body({ around }: { around: Around }) {
  const { delivery } = around;
  const [chosen, choose] = useState<number>();
  const attempt = delivery.attempts.find(({ number }) => number === chosen) ?? delivery.attempts.at(-1);
  const { retried_from_delivery_id: from } = delivery;
  return (
    <>
      <Meaning around={around} />
      {from !== null && (
        <p class="soft text">
          {t.delivery.repeatOf}{' '}
          <Link href={hrefTo(`/history/${segment(from)}`)} class="mono">
            {from}
          </Link>
        </p>
      )}
      <div class="two">
        <Timeline around={around} chosen={attempt?.number} choose={choose} />
        <Panel around={around} attempt={attempt} />
      </div>
    </>
  );
}

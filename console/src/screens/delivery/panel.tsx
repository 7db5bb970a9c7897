import type { Attempt, EventDetail } from '@postrider/sdk';
import { Code } from '../../parts/copy.tsx';
import { Link } from '../../parts/link.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Ago, At } from '../../parts/time.tsx';
import { hrefTo, segment } from '../../router/place.ts';
import { t } from '../../texts/index.ts';
import { httpStatus } from '../../texts/http-statuses.ts';
import { duration } from '../../texts/times.ts';
import type { Around } from './read.ts';
import { Request } from './request.tsx';

const { tabs } = t.delivery;

/** What was sent and what came back. */
export function Panel({ around, attempt }: { around: Around; attempt: Attempt | undefined }) {
  return (
    <Tabs
      tabs={[
        ['answer', tabs.answer],
        ['request', tabs.request],
        ['event', tabs.event],
      ]}
    >
      {(tab) => {
        if (tab === 'answer') return <Answer around={around} attempt={attempt} />;
        if (tab === 'request') return <Request around={around} attempt={attempt} />;
        return <EventOf event={around.event} />;
      }}
    </Tabs>
  );
}

function Answer({ around, attempt }: { around: Around; attempt: Attempt | undefined }) {
  const words = t.delivery.answer;
  if (!attempt) {
    const { committed, noAttempt } = t.history;
    return <p class="soft">{around.delivery.status === 'delivered' ? committed : noAttempt}</p>;
  }
  const { status_code, error_message, duration_ms, at, signed_with } = attempt;
  return (
    <>
      <dl class="kv num">
        <dt>{words.status}</dt>
        <dd class="strong">{status_code === null ? words.none : httpStatus(status_code)}</dd>
        {status_code === null && error_message !== null && (
          <>
            <dt>{words.error}</dt>
            <dd>{error_message}</dd>
          </>
        )}
        <dt>{words.at}</dt>
        <dd>
          <At at={at} />
        </dd>
        {duration_ms !== null && (
          <>
            <dt>{words.took}</dt>
            <dd>{duration(duration_ms)}</dd>
          </>
        )}
        {signed_with.length > 0 && (
          <>
            <dt>{words.signedWith}</dt>
            <dd class="mono">{signed_with.join(', ')}</dd>
          </>
        )}
      </dl>
      <AnswerBody attempt={attempt} />
    </>
  );
}

function AnswerBody({ attempt: { response_body, error_kind, status_code } }: { attempt: Attempt }) {
  const words = t.delivery.answer;
  if (response_body === null) {
    if (status_code === null) return null;
    return <p class="soft">{error_kind === null ? words.ok : words.empty}</p>;
  }
  if (typeof response_body === 'string') return <Code text={response_body} label={t.delivery.tabs.answer} />;
  return (
    <>
      <p class="soft">{words.base64}</p>
      <Code text={response_body.base64} label={t.delivery.tabs.answer} />
    </>
  );
}

function EventOf({ event }: { event: EventDetail | undefined }) {
  const words = t.delivery.event;
  if (!event) return <p class="soft">{words.deleted}</p>;
  return (
    <>
      <dl class="kv">
        <dt>{words.id}</dt>
        <dd class="mono">
          <Link href={hrefTo(`/events/${segment(event.id)}`)}>{event.id}</Link>
        </dd>
        <dt>{words.posted}</dt>
        <dd>
          <Ago at={event.created_at} />
        </dd>
        {event.external_id !== null && (
          <>
            <dt>{words.externalId}</dt>
            <dd class="mono">{event.external_id}</dd>
          </>
        )}
      </dl>
      {event.payload_deleted_at === null ? (
        <Code text={JSON.stringify(event.data, undefined, 2)} label={t.delivery.tabs.event} />
      ) : (
        <p class="soft">{words.deleted}</p>
      )}
    </>
  );
}

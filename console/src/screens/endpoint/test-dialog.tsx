import { useSignal } from '@preact/signals';
import type { DeliveryDetail, Endpoint } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { Code } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { TextField } from '../../parts/field.tsx';
import { Link } from '../../parts/link.tsx';
import { hrefTo, segment } from '../../router/place.ts';
import { api } from '../../session/session.ts';
import { failureOf } from '../../texts/en/failures.ts';
import { httpStatus } from '../../texts/http-statuses.ts';
import { t } from '../../texts/index.ts';
import { duration } from '../../texts/times.ts';

const words = t.endpoint.testing;

/** Sends a sample event, and shows what the server answers. */
export function TestDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const type = useSignal('');
  const delivery = useSignal<DeliveryDetail | undefined>(undefined);
  const send = useAction(async (options) => {
    const given = type.peek().trim();
    delivery.value = undefined;
    delivery.value = await api().endpoints.test(endpoint.id, given ? { event_type: given } : {}, {
      ...options,
      wait: true,
    });
  });
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void send.run()}
      footer={
        <>
          <button type="button" onClick={onClose}>
            {t.actions.close}
          </button>
          <button class="primary" aria-busy={send.isBusy}>
            {delivery.value ? words.again : words.send}
          </button>
        </>
      }
    >
      <p>{words.lead}</p>
      <TextField
        label={words.type}
        isOptional={t.optional}
        hint={words.typeHint}
        value={type.value}
        onValue={(value) => {
          type.value = value;
        }}
        input={{ spellcheck: false, class: 'mono' }}
      />
      <div role="status">
        {send.isBusy && <p class="soft">{words.waiting}</p>}
        {delivery.value && <Answer delivery={delivery.value} />}
      </div>
      <ErrorBox error={send.error} />
    </Dialog>
  );
}

function Answer({ delivery }: { delivery: DeliveryDetail }) {
  const attempt = delivery.attempts.at(-1);
  const isGood = delivery.status === 'delivered';
  const tone = attempt === undefined ? 'wait' : isGood ? 'good' : 'bad';
  return (
    <div class="stack">
      <div class={`notice ${tone}`}>
        <p>
          <span class="strong">{attempt === undefined ? words.pending : isGood ? words.arrived : words.failed}</span>{' '}
          {attempt && (
            <span class="num">
              {attempt.status_code === null ? attempt.error_message : httpStatus(attempt.status_code)}
              {attempt.duration_ms !== null && ` · ${duration(attempt.duration_ms)}`}
            </span>
          )}
        </p>
        <Link href={hrefTo(`/history/${segment(delivery.id)}`)}>{words.see}</Link>
      </div>
      {attempt && attempt.error_kind !== null && <p>{failureOf(attempt.error_kind, attempt.status_code).means}</p>}
      {typeof attempt?.response_body === 'string' && attempt.response_body !== '' && (
        <Code text={attempt.response_body} label={t.delivery.tabs.answer} />
      )}
    </div>
  );
}

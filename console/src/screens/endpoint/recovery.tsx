import { useState } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Endpoint } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { jobStarted } from '../../data/started-jobs.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Choice, TextField } from '../../parts/field.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.endpoint.recovery;
const DAY_MS = 86_400_000;

interface RecoveryProps {
  endpoint: Endpoint;
}

/** Sends again what an endpoint has missed. */
export function Recovery(props: RecoveryProps) {
  const [isAsking, ask] = useState(false);
  return (
    <section class="card">
      <div class="card-head">
        <h2>{words.title}</h2>
        <button onClick={() => ask(true)}>{words.open}</button>
      </div>
      <p class="panel soft">{words.lead}</p>
      {isAsking && <RecoverDialog {...props} onClose={() => ask(false)} />}
    </section>
  );
}

function RecoverDialog({ endpoint: { id }, onClose }: RecoveryProps & { onClose: () => void }) {
  const what = useSignal<'failed' | 'all'>('failed');
  const since = useSignal(localTime(new Date(Date.now() - DAY_MS)));
  const until = useSignal('');
  const isTimeMissing = Number.isNaN(Date.parse(since.value));
  const start = useAction(async (options) => {
    const range = { since: timestamp(since.peek()), ...(until.peek() && { until: timestamp(until.peek()) }) };
    const job = await (what.peek() === 'failed'
      ? api().deliveries.retryAll({ endpoint_id: id, ...range }, options)
      : api().endpoints.replay(id, range, options));
    jobStarted(job);
  });
  const confirm = async () => {
    if (!isTimeMissing && (await start.run())) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={start.isBusy} onClose={onClose} />}
    >
      <Choice
        label={words.what}
        hint={what.value === 'failed' ? words.failedHint : words.allHint}
        value={what.value}
        onValue={(value) => {
          what.value = value;
        }}
        choices={[
          ['failed', words.failed],
          ['all', words.all],
        ]}
      />
      <TextField
        label={words.since}
        wrong={isTimeMissing ? words.noTime : undefined}
        value={since.value}
        onValue={(value) => {
          since.value = value;
        }}
        input={{ type: 'datetime-local' }}
      />
      <TextField
        label={words.until}
        isOptional={t.optional}
        hint={words.untilHint}
        value={until.value}
        onValue={(value) => {
          until.value = value;
        }}
        input={{ type: 'datetime-local' }}
      />
      <ErrorBox error={start.error} />
    </Dialog>
  );
}

/** As `datetime-local` has it: the time of the reader's clock. */
function localTime(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const timestamp = (local: string) => new Date(local).toISOString();

import type { DeadLetterQueue, Redriven } from '@postrider/sdk';
import { useState } from 'preact/hooks';
import { useAction } from '../../data/action.ts';
import { useLoad } from '../../data/load.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Shown } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.deadLetters;
const LIVE_MS = 10_000;
const AT_A_TIME = 100;

/** What was given up and what could not be read, and how to send it again. */
export function Screen() {
  const overview = useLoad((signal) => api().ops.overview({ signal }), 'overview', { every: LIVE_MS });
  return (
    <Page title={words.title}>
      <Shown of={overview}>
        {({ queues }) => (
          <div class="stack">
            <Queue name="exhausted" lead={words.exhaustedLead} count={total(queues.exhausted)} />
            <Queue name="poison" lead={words.poisonLead} count={total(queues.poison)} />
          </div>
        )}
      </Shown>
    </Page>
  );
}

const total = (of: { visible: number; in_flight: number; delayed: number }) => of.visible + of.in_flight + of.delayed;

function Queue({ name, lead, count }: { name: DeadLetterQueue; lead: string; count: number }) {
  const [isAsking, ask] = useState(false);
  const [redriven, show] = useState<Redriven>();
  return (
    <section class="card padded stack">
      <div class="row-flex">
        <h2>{words[name]}</h2>
        <span class={`num ${count > 0 ? 'bad' : 'faint'}`}>{words.count(count)}</span>
        <span class="grow" />
        {may('tenants:write') && (
          <button type="button" disabled={count === 0} onClick={() => ask(true)}>
            {words.redrive}
          </button>
        )}
      </div>
      <p class="soft readable">{lead}</p>
      {redriven && <Outcome redriven={redriven} />}
      {isAsking && <RedriveDialog name={name} onClose={() => ask(false)} onDone={show} />}
    </section>
  );
}

function Outcome({ redriven: { moved, kept } }: { redriven: Redriven }) {
  const count = Object.values(moved).reduce((sum, one) => sum + one, 0);
  return (
    <div class="notice good" role="status">
      <div class="text">
        <p>{words.moved(count, kept.length)}</p>
        {kept.map(({ message_id, why }) => (
          <p key={message_id}>
            {words.kept} <code>{message_id}</code> {why}
          </p>
        ))}
      </div>
    </div>
  );
}

interface RedriveProps {
  name: DeadLetterQueue;
  onClose: () => void;
  onDone: (redriven: Redriven) => void;
}

function RedriveDialog({ name, onClose, onDone }: RedriveProps) {
  const redrive = useAction(async (options) => onDone(await api().ops.redrive(name, { limit: AT_A_TIME }, options)));
  const confirm = async () => {
    if (await redrive.run()) onClose();
  };
  return (
    <Dialog
      title={words.redriving.title(words[name].toLowerCase())}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={
        <>
          <button type="button" onClick={onClose}>
            {t.actions.cancel}
          </button>
          <button class="primary" aria-busy={redrive.isBusy}>
            {words.redriving.confirm}
          </button>
        </>
      }
    >
      <p>{words.redriving.lead}</p>
      <ErrorBox error={redrive.error} />
    </Dialog>
  );
}

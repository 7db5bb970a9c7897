import { useState } from 'preact/hooks';
import { useAction } from '../../data/action.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Ago } from '../../parts/time.tsx';
import { api, may } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.operator.brake;

/** Stops all sending, once that was confirmed. */
export function StopButton() {
  const [isAsking, ask] = useState(false);
  const stop = useAction(() => api().brake.set());
  const confirm = async () => {
    if (await stop.run()) ask(false);
  };
  if (!may('tenants:write')) return null;
  return (
    <>
      <button type="button" class="danger" onClick={() => ask(true)}>
        {words.stop}
      </button>
      {isAsking && (
        <Dialog
          title={words.title}
          onClose={() => ask(false)}
          onSubmit={() => void confirm()}
          footer={
            <>
              <button type="button" onClick={() => ask(false)}>
                {t.actions.cancel}
              </button>
              <button class="danger" aria-busy={stop.isBusy}>
                {words.confirm}
              </button>
            </>
          }
        >
          <p>{words.lead}</p>
          <ErrorBox error={stop.error} />
        </Dialog>
      )}
    </>
  );
}

export function BrakeNotice({ since }: { since: string | null }) {
  const release = useAction(() => api().brake.release());
  if (since === null) return null;
  return (
    <div class="notice wait">
      <div class="text">
        <p class="strong">
          {words.on} <Ago at={since} />.
        </p>
        <p>{words.onLead}</p>
        <ErrorBox error={release.error} />
      </div>
      {may('tenants:write') && (
        <button type="button" onClick={() => void release.run()} aria-busy={release.isBusy}>
          {words.release}
        </button>
      )}
    </div>
  );
}

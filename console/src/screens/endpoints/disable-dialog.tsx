import type { Endpoint } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { nameOf } from '../../texts/endpoint-words.ts';

const words = t.endpoints.disabling;

/** Says what disabling gives up, and offers what keeps it. */
export function DisableDialog({ endpoint: { id, ...endpoint }, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const disable = useAction(() => api().endpoints.disable(id));
  const pause = useAction(() => api().endpoints.pause(id));
  const closeAfter = async (done: Promise<boolean>) => {
    if (await done) onClose();
  };
  return (
    <Dialog
      title={words.title(nameOf(endpoint))}
      onClose={onClose}
      onSubmit={() => void closeAfter(disable.run())}
      footer={
        <>
          <button type="button" onClick={onClose}>
            {t.actions.cancel}
          </button>
          <button type="button" onClick={() => void closeAfter(pause.run())} aria-busy={pause.isBusy}>
            {words.pause}
          </button>
          <button class="danger" aria-busy={disable.isBusy}>
            {words.confirm}
          </button>
        </>
      }
    >
      <p>{words.lead}</p>
      <p class="soft">{words.instead}</p>
      <ErrorBox error={disable.error ?? pause.error} />
    </Dialog>
  );
}

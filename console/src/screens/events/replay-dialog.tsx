import { useAction } from '../../data/action.ts';
import { jobStarted } from '../../data/started-jobs.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.events.replaying;

export function ReplayDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const replay = useAction(async (options) => jobStarted(await api().events.replay(id, {}, options)));
  const confirm = async () => {
    if (await replay.run()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={replay.isBusy} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      <ErrorBox error={replay.error} />
    </Dialog>
  );
}

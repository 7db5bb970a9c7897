import type { BulkRetry } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { jobStarted } from '../../data/started-jobs.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.history.retrying;

interface RetryAllProps {
  filter: BulkRetry;
  /** The filters in words. */
  what: readonly string[];
  onClose: () => void;
}

/** Says what will be sent again, and starts the job. */
export function RetryAllDialog({ filter, what, onClose }: RetryAllProps) {
  const start = useAction(async (options) => jobStarted(await api().deliveries.retryAll(filter, options)));
  const confirm = async () => {
    if (await start.run()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={start.isBusy} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      <p class="strong">{words.what(what)}</p>
      <ErrorBox error={start.error} />
    </Dialog>
  );
}

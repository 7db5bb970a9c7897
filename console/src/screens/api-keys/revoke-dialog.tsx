import type { ApiKey } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { api, isOperator } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.apiKeys.revoking;

export function RevokeDialog({ apiKey: { id, name }, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useAction((options) =>
    api().apiKeys.revoke(id, { ...options, ...(isOperator() && { platform: true }) }),
  );
  const confirm = async () => {
    if (await revoke.run()) onClose();
  };
  return (
    <Dialog
      title={words.title(name ?? t.apiKeys.unnamed)}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={revoke.isBusy} isDangerous onClose={onClose} />}
    >
      <p>{words.lead}</p>
      <ErrorBox error={revoke.error} />
    </Dialog>
  );
}

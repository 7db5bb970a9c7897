import type { SecondFactorOptions } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';

interface ConfirmProps {
  words: { title: string; lead: string; confirm: string };
  call: (options: SecondFactorOptions) => Promise<unknown>;
  onClose: () => void;
  isDangerous?: boolean;
}

/** Asks before something is done that can't be undone here. */
export function ConfirmDialog({ words, call, onClose, isDangerous = false }: ConfirmProps) {
  const action = useAction(call);
  const confirm = async () => {
    if (await action.run()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={action.isBusy} isDangerous={isDangerous} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      <ErrorBox error={action.error} />
    </Dialog>
  );
}

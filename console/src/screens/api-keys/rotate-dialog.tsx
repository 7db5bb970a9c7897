import { useSignal } from '@preact/signals';
import type { ApiKey } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Choice } from '../../parts/field.tsx';
import { api, isOperator } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.apiKeys.rotating;
const USUAL = '86400';

interface RotateProps {
  apiKey: ApiKey;
  onClose: () => void;
  onMade: (secret: string) => void;
}

export function RotateDialog({ apiKey: { id, name }, onClose, onMade }: RotateProps) {
  const overlap = useSignal(USUAL);
  const rotate = useAction(async (options) => {
    const of = isOperator() ? { platform: true } : {};
    const { secret } = await api().apiKeys.rotate(
      id,
      { overlap_seconds: Number(overlap.peek()) },
      { ...options, ...of },
    );
    onMade(secret);
  });
  return (
    <Dialog
      title={words.title(name ?? t.apiKeys.unnamed)}
      onClose={onClose}
      onSubmit={() => void rotate.run()}
      footer={<ConfirmFooter word={words.confirm} isBusy={rotate.isBusy} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      <Choice
        label={words.overlap}
        value={overlap.value}
        onValue={(value) => {
          overlap.value = value;
        }}
        choices={Object.entries(words.overlaps)}
      />
      <ErrorBox error={rotate.error} />
    </Dialog>
  );
}

import { useSignal } from '@preact/signals';
import type { Endpoint, EndpointRotated, SecretRotation, SecretUse } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { Choice } from '../../parts/field.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';

const words = t.endpoint.secrets.rotation;
const DAY = '86400';

interface RotateProps {
  endpoint: Endpoint;
  onClose: () => void;
  onRotated: (rotated: EndpointRotated) => void;
}

/** Asks which secret, and how the change goes: with both for a while, or from one to the other at a time. */
export function RotateDialog({ endpoint, onClose, onRotated }: RotateProps) {
  const use = useSignal<SecretUse>('signing');
  const seconds = useSignal(DAY);
  const uses = [...new Set<SecretUse>(['signing', ...endpoint.secrets.map((secret) => secret.use)])];
  const hasBoth = use.value !== 'signing' || endpoint.dialect === 'standard';
  const rotate = useAction(async (options) => {
    const time = Number(seconds.peek());
    const rotation: SecretRotation = {
      use: use.peek(),
      ...(hasBoth ? { overlap_seconds: time } : { activate_in_seconds: time }),
    };
    onRotated(await api().endpoints.rotateSecret(endpoint.id, rotation, options));
  });
  const confirm = async () => {
    if (await rotate.run()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={rotate.isBusy} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      {uses.length > 1 && (
        <Choice
          label={words.which}
          value={use.value}
          onValue={(value) => {
            use.value = value;
          }}
          choices={uses.map((one) => [one, t.endpoint.secrets.uses[one]] as const)}
        />
      )}
      <Choice
        label={hasBoth ? words.overlap : words.activate}
        hint={hasBoth ? words.overlapHint : words.activateHint}
        value={seconds.value}
        onValue={(value) => {
          seconds.value = value;
        }}
        choices={Object.entries(hasBoth ? words.overlaps : words.times)}
      />
      <ErrorBox error={rotate.error} />
    </Dialog>
  );
}

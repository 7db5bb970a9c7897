import { useSignal } from '@preact/signals';
import type { Endpoint, HeldDeliveries } from '@postrider/sdk';
import { useAction } from '../../data/action.ts';
import { ConfirmFooter } from '../../parts/confirm-footer.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/error-box.tsx';
import { api } from '../../session/session.ts';
import { t } from '../../texts/index.ts';
import { nameOf } from '../../texts/endpoint-words.ts';

const words = t.endpoints.reactivation;
const CHOICES: readonly (readonly [HeldDeliveries, string, string])[] = [
  ['release', words.release, words.releaseHint],
  ['discard', words.discard, words.discardHint],
];

/** Resumes a paused endpoint, once it is said what becomes of what was held. */
export function ReactivateDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const held = useSignal<HeldDeliveries>('release');
  const resume = useAction(() => api().endpoints.resume(endpoint.id, { held: held.peek() }));
  const confirm = async () => {
    if (await resume.run()) onClose();
  };
  return (
    <Dialog
      title={words.title(nameOf(endpoint))}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={<ConfirmFooter word={words.confirm} isBusy={resume.isBusy} onClose={onClose} />}
    >
      <p>{words.lead}</p>
      {CHOICES.map(([value, label, hint]) => (
        <label key={value} class="check">
          <input
            type="radio"
            name="held"
            checked={held.value === value}
            onChange={() => {
              held.value = value;
            }}
          />
          <span>
            <span class="strong">{label}</span>
            <br />
            <span class="soft">{hint}</span>
          </span>
        </label>
      ))}
      <ErrorBox error={resume.error} />
    </Dialog>
  );
}

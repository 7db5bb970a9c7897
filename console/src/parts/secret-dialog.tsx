import { useSignal } from '@preact/signals';
import { t } from '../texts/index.ts';
import { Code } from './copy.tsx';
import { Dialog } from './dialog.tsx';
import { Check } from './field.tsx';

interface SecretDialogProps {
  secret: string | undefined;
  standardSecret: string | undefined;
  onClose: () => void;
}

/** Shows a secret, once. It closes when the person says that they have stored it, and not by Escape. */
export function SecretDialog({ secret, standardSecret, onClose }: SecretDialogProps) {
  const words = t.endpointForm.secret;
  const isStored = useSignal(false);
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => isStored.peek() && onClose()}
      isFirm
      footer={
        <button class="primary" disabled={!isStored.value}>
          {words.done}
        </button>
      }
    >
      <p>{words.lead}</p>
      {secret !== undefined && <Code text={secret} label={words.title} />}
      {standardSecret !== undefined && (
        <>
          <p>{words.standardLead}</p>
          <Code text={standardSecret} label={words.title} />
        </>
      )}
      <Check
        label={words.stored}
        value={isStored.value}
        onValue={(value) => {
          isStored.value = value;
        }}
      />
    </Dialog>
  );
}

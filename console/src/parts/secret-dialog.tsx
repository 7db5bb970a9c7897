import { useSignal } from '@preact/signals';
import { t } from '../texts/index.ts';
import { Code } from './copy.tsx';
import { Dialog } from './dialog.tsx';
import { Check } from './field.tsx';

interface SecretDialogProps {
  secret: string | undefined;
  standardSecret: string | undefined;
  onClose: () => void;
  /** Closes it, and sends a test. */
  onTest?: () => void;
}

/** Shows a secret, once. It closes when the person says that they have stored it, and not by Escape. */
export function SecretDialog({ secret, standardSecret, onClose, onTest }: SecretDialogProps) {
  const words = t.endpointForm.secret;
  const isStored = useSignal(false);
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      onSubmit={() => isStored.peek() && onClose()}
      isFirm
      footer={
        <>
          {onTest && (
            <button type="button" disabled={!isStored.value} onClick={onTest}>
              {words.test}
            </button>
          )}
          <button class="primary" disabled={!isStored.value}>
            {words.done}
          </button>
        </>
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

import { Code } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { t } from '../../texts/index.ts';

const words = t.apiKeys.shown;

/** A new key, shown this once: only the button that says that it is stored closes it. */
export function ShownKeyDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      isFirm
      footer={
        <button type="button" class="primary" onClick={onClose}>
          {words.stored}
        </button>
      }
    >
      <p>{words.lead}</p>
      <Code text={secret} label={words.title} />
    </Dialog>
  );
}

import { Code } from '../../parts/copy.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { t } from '../../texts/index.ts';

const words = t.secondFactorPage.codes;

/** Shown this once: only the button that says that they are stored closes it. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
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
      <Code text={codes.join('\n')} label={words.title} />
    </Dialog>
  );
}

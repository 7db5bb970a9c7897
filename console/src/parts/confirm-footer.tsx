import { t } from '../texts/index.ts';

interface FooterProps {
  /** What the button that submits says. */
  word: string;
  isBusy: boolean;
  isDangerous?: boolean;
  onClose: () => void;
}

/** The foot of a dialog that asks: cancel, or do it. */
export function ConfirmFooter({ word, isBusy, isDangerous = false, onClose }: FooterProps) {
  return (
    <>
      <button type="button" onClick={onClose}>
        {t.actions.cancel}
      </button>
      <button class={isDangerous ? 'danger' : 'primary'} aria-busy={isBusy}>
        {word}
      </button>
    </>
  );
}

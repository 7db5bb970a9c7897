import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** Its buttons: the one that gives up first. */
  footer: ComponentChildren;
  /** What Enter does. Without it: nothing. */
  onSubmit?: () => void;
  /** For what must not be closed by a slip of the hand: Escape does nothing then. */
  isFirm?: boolean;
}

/** The browser's own dialog: it keeps the focus, and Escape closes it. */
export function Dialog({ title, onClose, children, footer, onSubmit, isFirm = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // The end of any other effect comes after the next picture, and would take the focus from where a key has put it.
  useLayoutEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    opened?.showModal();
    return () => {
      // One that the browser closed has given the focus back, and the person may have gone on since.
      if (!opened?.open) return;
      opened.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const onCancel = (event: Event) => {
    event.preventDefault();
    if (!isFirm) onClose();
  };
  // A browser lets the second Escape in a row through, whatever a page says.
  const onClosed = () => {
    const { current } = dialog;
    if (!current || current.open) return;
    if (isFirm) current.showModal();
    else onClose();
  };
  const onForm = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={onCancel} onClose={onClosed}>
      <form onSubmit={onForm} noValidate>
        <header>
          <h2 id={id}>{title}</h2>
        </header>
        <div class="body">{children}</div>
        <footer>{footer}</footer>
      </form>
    </dialog>
  );
}

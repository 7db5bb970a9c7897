import { useSignal } from '@preact/signals';
import { t } from '../texts/index.ts';

/** Copies a text, and says so. */
export function Copy({ text, label = t.actions.copy, onCopy }: { text: string; label?: string; onCopy?: () => void }) {
  const isCopied = useSignal(false);
  const copy = async () => {
    await copyText(text);
    onCopy?.();
    isCopied.value = true;
    setTimeout(() => {
      isCopied.value = false;
    }, 2000);
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()} aria-live="polite">
      {isCopied.value ? t.actions.copied : label}
    </button>
  );
}

/** An iframe may not use the clipboard without a permission of the page around it: then the old way. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    // In the dialog that is open: nothing else may have the focus.
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** A text to copy, such as a command or a payload. */
export function Code({ text, copied = text, label }: { text: string; copied?: string; label?: string }) {
  return (
    <div class="code">
      <pre class="with-copy" tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Copy text={copied} />
    </div>
  );
}

import { signal } from '@preact/signals';

/** Can be switched off, for those whose keys come by voice or by accident (WCAG 2.1.4). */
export const areShortcutsOn = signal(true);
export const areShortcutsShown = signal(false);

type Shortcut = () => void;

const SHORTCUTS: Readonly<Record<string, Shortcut>> = {
  '/': () => document.querySelector<HTMLElement>('[data-search]')?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  '?': () => {
    areShortcutsShown.value = true;
  },
};

export function onKey(event: KeyboardEvent): void {
  const shortcut = SHORTCUTS[event.key];
  if (!shortcut || !areShortcutsOn.value || isTyping(event) || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  shortcut();
}

function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isInField =
    target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select') !== null;
  return isInField || ctrlKey || metaKey || altKey;
}

/** To the main link of the next row, or of the one before. */
function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const here = document.activeElement?.closest('li, tr')?.querySelector('[data-row]');
  const at = here ? rows.indexOf(here as HTMLElement) : -1;
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

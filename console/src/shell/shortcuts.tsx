import { useEffect } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { Check } from '../parts/field.tsx';
import { t } from '../texts/index.ts';
import { areShortcutsOn, areShortcutsShown, onKey } from './keyboard.ts';

/** Listens for the keys, and lists them after `?`. */
export function Shortcuts() {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  if (!areShortcutsShown.value) return null;
  const close = () => {
    areShortcutsShown.value = false;
  };
  return (
    <Dialog title={t.shortcuts.title} onClose={close} onSubmit={close} footer={<button>{t.actions.close}</button>}>
      <dl class="keys">
        {t.shortcuts.rows.map(([key, what]) => (
          <div key={key} class="row-flex">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Check
        label={t.shortcuts.use}
        value={areShortcutsOn.value}
        onValue={(value) => {
          areShortcutsOn.value = value;
        }}
      />
    </Dialog>
  );
}

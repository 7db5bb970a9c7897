import { useSignal } from '@preact/signals';
import { type CodeAsked, codeAsked } from '../data/second-factor.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Check, TextField } from '../parts/field.tsx';
import { t } from '../texts/index.ts';

/** Asks for a code while a sensitive call waits for one. */
export function SecondFactorPrompt() {
  const asked = codeAsked.value;
  return asked ? <Prompt asked={asked} /> : null;
}

function Prompt({ asked: { wrong, answer } }: { asked: CodeAsked }) {
  const code = useSignal('');
  const forTenMinutes = useSignal(false);
  const confirm = () => {
    const given = code.peek().replaceAll(/\s/g, '');
    if (given !== '') answer(given, forTenMinutes.peek());
  };
  const giveUp = () => answer(undefined, false);
  return (
    <Dialog
      title={t.secondFactor.title}
      onClose={giveUp}
      onSubmit={confirm}
      footer={
        <>
          <button type="button" onClick={giveUp}>
            {t.actions.cancel}
          </button>
          <button class="primary">{t.secondFactor.confirm}</button>
        </>
      }
    >
      <p>{t.secondFactor.lead}</p>
      <TextField
        label={t.secondFactor.code}
        wrong={wrong}
        value={code.value}
        onValue={(value) => {
          code.value = value;
        }}
        input={{ autocomplete: 'one-time-code', inputMode: 'text', autofocus: true, spellcheck: false, class: 'mono' }}
      />
      <Check
        label={t.secondFactor.remember}
        value={forTenMinutes.value}
        onValue={(value) => {
          forTenMinutes.value = value;
        }}
      />
    </Dialog>
  );
}

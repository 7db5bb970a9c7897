import type { Form } from '../../data/form.ts';
import { Check, TextField } from '../../parts/field.tsx';
import { t } from '../../texts/index.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm.signature;

/** What signs requests, beside whatever authenticates them. */
export function Signature({ form: { values, set, wrong }, isNew }: { form: Form<FormValues>; isNew: boolean }) {
  return (
    <>
      <fieldset class="field">
        <legend>{words.label}</legend>
        <span class="hint">{words.hint}</span>
        {values.dialect !== 'standard' && (
          <Check
            label={words.alsoStandard}
            value={values.alsoStandard}
            onValue={(alsoStandard) => set({ alsoStandard })}
          />
        )}
        <Check label={words.asymmetric} value={values.asymmetric} onValue={(asymmetric) => set({ asymmetric })} />
      </fieldset>
      {isNew && (
        <TextField
          label={words.own}
          isOptional={t.optional}
          hint={words.ownHint}
          wrong={wrong('signing_secret')}
          value={values.ownSecret}
          onValue={(ownSecret) => set({ ownSecret })}
          input={{ type: 'password', autocomplete: 'new-password', class: 'mono' }}
        />
      )}
    </>
  );
}

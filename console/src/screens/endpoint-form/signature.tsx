import type { Dialect } from '@postrider/sdk';
import type { Form } from '../../data/form.ts';
import { Check, TextField } from '../../parts/field.tsx';
import { t } from '../../texts/index.ts';
import { hasOwnSecret } from './own-secret.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm.signature;

interface SignatureProps {
  form: Form<FormValues>;
  isNew: boolean;
  dialects: readonly Dialect[];
}

/** What signs requests, beside whatever authenticates them. */
export function Signature({ form, isNew, dialects }: SignatureProps) {
  const { values, set } = form;
  const isOwn = hasOwnSecret(values, dialects);
  return (
    <>
      <fieldset class="field">
        <legend>{words.label}</legend>
        <span class="hint">{hintOf(isOwn, isNew)}</span>
        {values.dialect !== 'standard' && (
          <Check
            label={words.alsoStandard}
            value={values.alsoStandard}
            onValue={(alsoStandard) => set({ alsoStandard })}
          />
        )}
        <Check label={words.asymmetric} value={values.asymmetric} onValue={(asymmetric) => set({ asymmetric })} />
      </fieldset>
      {isNew && !isOwn && <OwnSecret form={form} isOptional={t.optional} hint={words.ownHint} />}
    </>
  );
}

function hintOf(isOwn: boolean, isNew: boolean): string {
  if (!isOwn) return words.hint;
  return isNew ? words.ownOnlyNew : words.ownOnly;
}

/** The switch of a dialect that signs only with a secret of the customer's, whatever authenticates the requests. */
export function Hmac({ form }: { form: Form<FormValues> }) {
  const { values, set } = form;
  return (
    <>
      <div class="field">
        <Check label={words.hmac} value={values.hmac} onValue={(hmac) => set({ hmac, ownSecret: '' })} />
        {!values.hmac && <span class="hint">{words.unsigned}</span>}
      </div>
      {values.hmac && <OwnSecret form={form} hint={words.hmacHint} />}
    </>
  );
}

interface OwnSecretProps {
  form: Form<FormValues>;
  hint: string;
  isOptional?: string;
}

function OwnSecret({ form: { values, set, wrong }, ...field }: OwnSecretProps) {
  return (
    <TextField
      {...field}
      label={words.own}
      wrong={wrong('signing_secret')}
      value={values.ownSecret}
      onValue={(ownSecret) => set({ ownSecret })}
      input={{ type: 'password', autocomplete: 'new-password', class: 'mono' }}
    />
  );
}

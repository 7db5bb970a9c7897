import type { EndpointAuthShown } from '@postrider/sdk';
import type { Form } from '../../data/form.ts';
import { Choice, TextField } from '../../parts/field.tsx';
import { t } from '../../texts/index.ts';
import type { AuthChoice, FormValues } from './values.ts';

const words = t.endpointForm.auth;
const CHOICES: readonly (readonly [AuthChoice, string])[] = [
  ['none', words.none],
  ['bearer', words.bearer],
  ['header', words.header],
  ['basic', words.basic],
];

/** How requests authenticate themselves. @param shown what the endpoint has; its secret is never known here */
export function Auth({ form, shown }: { form: Form<FormValues>; shown: EndpointAuthShown | undefined }) {
  const { values, set, wrong } = form;
  const { auth } = values;
  const kept = shown && (['keep', `${words.keep} (${shown.header})`] as const);
  const refused = wrong('auth');
  return (
    <>
      <Choice
        label={words.label}
        value={auth}
        onValue={(choice) => set({ auth: choice, authName: '', authSecret: '' })}
        choices={kept ? [kept, ...CHOICES] : CHOICES}
      />
      {(auth === 'header' || auth === 'basic') && (
        <TextField
          label={auth === 'header' ? words.name : words.username}
          wrong={refused}
          value={values.authName}
          onValue={(authName) => set({ authName })}
          input={{ spellcheck: false, class: 'mono', ...(auth === 'header' && { placeholder: 'X-Api-Key' }) }}
        />
      )}
      {auth !== 'none' && auth !== 'keep' && (
        <TextField
          label={{ bearer: words.token, header: words.value, basic: words.password }[auth]}
          hint={words.hint}
          wrong={auth === 'bearer' ? refused : undefined}
          value={values.authSecret}
          onValue={(authSecret) => set({ authSecret })}
          input={{ type: 'password', autocomplete: 'new-password', class: 'mono' }}
        />
      )}
    </>
  );
}

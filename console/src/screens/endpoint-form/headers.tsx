import type { Form } from '../../data/form.ts';
import { Check, TextField } from '../../parts/field.tsx';
import { t } from '../../texts/index.ts';
import type { FormValues } from './values.ts';

const words = t.endpointForm.headers;

/** Headers of one's own. Those that the endpoint has can only be replaced: their values are not known here. */
export function Headers({ form, names }: { form: Form<FormValues>; names: readonly string[] }) {
  const { headers } = form.values;
  const wrong = form.wrong('headers');
  return (
    <fieldset class="field" aria-invalid={wrong === undefined ? undefined : 'true'} tabIndex={-1}>
      <legend>{words.label}</legend>
      {names.length > 0 && (
        <>
          <p class="soft">{words.kept(names.join(', '))}</p>
          <Check
            label={words.replace}
            value={headers !== undefined}
            onValue={(isOn) => form.set({ headers: isOn ? [] : undefined })}
          />
        </>
      )}
      {headers && <Pairs headers={headers} set={(next) => form.set({ headers: next })} />}
      {wrong !== undefined && <span class="wrong">{wrong}</span>}
      <span class="hint">{words.hint}</span>
    </fieldset>
  );
}

type PairList = NonNullable<FormValues['headers']>;

function Pairs({ headers, set }: { headers: PairList; set: (headers: PairList) => void }) {
  return (
    <div>
      {headers.map(([name, value], at) => (
        <div key={at} class="inline">
          <TextField
            label={words.name}
            value={name}
            onValue={(next) => set(headers.with(at, [next, value]))}
            input={{ spellcheck: false, class: 'mono' }}
          />
          <TextField
            label={words.value}
            value={value}
            onValue={(next) => set(headers.with(at, [name, next]))}
            input={{ spellcheck: false, class: 'mono' }}
          />
          <button type="button" onClick={() => set(headers.toSpliced(at, 1))}>
            {words.remove}
          </button>
        </div>
      ))}
      <button type="button" class="plain" onClick={() => set([...headers, ['', '']])}>
        {words.add}
      </button>
    </div>
  );
}
